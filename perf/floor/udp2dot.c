// Floor: the least work a UDP->DoT forwarder can do. One thread, one ring, one TLS connection, no checks.
#define _GNU_SOURCE
#include <liburing.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define NB 4096
#define BS 2048
#define TB 256
#define TS 16384
static char *bufs,*tbufs; static struct io_uring_buf_ring *br,*tr;
static struct io_uring r;
static unsigned long turns,queries,records,sends; static void stats(int n_){dprintf(2,"stats shard id=0 turns=%lu\nstats backend queries=%lu records-sent=%lu sends=%lu\nstats end\n",turns,queries,records,sends);}
static struct slot{struct sockaddr_in a; unsigned short id; char buf[1500]; struct msghdr m; struct iovec v;} *slots; static unsigned short *fre; static int nfre;
static struct io_uring_sqe* sqe(void){struct io_uring_sqe*t=io_uring_get_sqe(&r); if(!t){io_uring_submit(&r);t=io_uring_get_sqe(&r);} return t;}
#define U_RECV (1ull<<40)
#define T_RECV (2ull<<40)
#define T_SEND (3ull<<40)
int main(int c,char**v){
 signal(SIGUSR1,stats);
 int lport=atoi(v[1]), bport=atoi(v[2]);
 // backend
 int tfd=socket(AF_INET,SOCK_STREAM,0); struct sockaddr_in b={.sin_family=AF_INET,.sin_port=htons(bport),.sin_addr.s_addr=htonl(INADDR_LOOPBACK)}; if(connect(tfd,(void*)&b,sizeof b)){perror("connect");return 1;} int one=1; setsockopt(tfd,IPPROTO_TCP,TCP_NODELAY,&one,4);
 SSL_CTX*ctx=SSL_CTX_new(TLS_client_method()); SSL*s=SSL_new(ctx); SSL_set_fd(s,tfd); if(SSL_connect(s)!=1){puts("tls");return 1;}
 BIO*in=BIO_new(BIO_s_mem()),*out=BIO_new(BIO_s_mem()); SSL_set_bio(s,in,out); SSL_set_mode(s,SSL_MODE_ENABLE_PARTIAL_WRITE|SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
 struct io_uring_params p={0}; p.flags=IORING_SETUP_SINGLE_ISSUER|IORING_SETUP_DEFER_TASKRUN|IORING_SETUP_CQSIZE; p.cq_entries=16384;
 int e=io_uring_queue_init_params(4096,&r,&p); if(e){printf("init %d\n",e);return 1;}
 int fd=socket(AF_INET,SOCK_DGRAM,0); setsockopt(fd,SOL_SOCKET,SO_REUSEPORT,&one,4); int sz=4<<20; setsockopt(fd,SOL_SOCKET,SO_RCVBUFFORCE,&sz,4);
 struct sockaddr_in a={.sin_family=AF_INET,.sin_port=htons(lport),.sin_addr.s_addr=htonl(INADDR_LOOPBACK)}; if(bind(fd,(void*)&a,sizeof a)){perror("bind");return 1;}
 posix_memalign((void**)&bufs,4096,NB*BS); posix_memalign((void**)&br,4096,NB*sizeof(struct io_uring_buf));
 posix_memalign((void**)&tbufs,4096,TB*TS); posix_memalign((void**)&tr,4096,TB*sizeof(struct io_uring_buf));
 struct io_uring_buf_reg reg={.ring_addr=(unsigned long)br,.ring_entries=NB,.bgid=0},reg2={.ring_addr=(unsigned long)tr,.ring_entries=TB,.bgid=1};
 if(io_uring_register_buf_ring(&r,&reg,0)||io_uring_register_buf_ring(&r,&reg2,0)){puts("reg");return 1;}
 io_uring_buf_ring_init(br); io_uring_buf_ring_init(tr);
 for(int i=0;i<NB;i++) io_uring_buf_ring_add(br,bufs+i*BS,BS,i,NB-1,i); io_uring_buf_ring_advance(br,NB);
 for(int i=0;i<TB;i++) io_uring_buf_ring_add(tr,tbufs+i*TS,TS,i,TB-1,i); io_uring_buf_ring_advance(tr,TB);
 slots=calloc(65536,sizeof *slots); fre=malloc(65536*2); for(int i=0;i<65536;i++) fre[nfre++]=65535-i;
 struct msghdr mh={.msg_namelen=sizeof(struct sockaddr_in)};
 void armu(void){struct io_uring_sqe*q=sqe(); io_uring_prep_recvmsg_multishot(q,fd,&mh,0); q->flags|=IOSQE_BUFFER_SELECT; q->buf_group=0; q->user_data=U_RECV;}
 void armt(void){struct io_uring_sqe*q=sqe(); io_uring_prep_recv_multishot(q,tfd,0,0,0); q->flags|=IOSQE_BUFFER_SELECT; q->buf_group=1; q->user_data=T_RECV;}
 armu(); armt();
 static char plain[1<<20]; int np=0; static char cipher[1<<21]; int nc=0,sending=0; static char rx[1<<20]; int nrx=0;
 for(;;){
  io_uring_submit_and_wait(&r,1);
  struct io_uring_cqe*q; unsigned h,k=0;
  io_uring_for_each_cqe(&r,h,q){ k++;
   if(q->user_data==U_RECV){
     if(q->res>0){ int bid=q->flags>>16; char*bb=bufs+bid*BS; struct io_uring_recvmsg_out*o=(void*)bb; char*name=bb+sizeof*o; unsigned char*pl=(void*)(name+mh.msg_namelen); int len=o->payloadlen;
       if(len>=12&&nfre>0&&np+len+2<sizeof plain){ unsigned short sl=fre[--nfre]; struct slot*S=&slots[sl]; memcpy(&S->a,name,sizeof S->a); memcpy(&S->id,pl,2);
         plain[np]=len>>8; plain[np+1]=len; memcpy(plain+np+2,pl,len); plain[np+2]=sl>>8; plain[np+3]=sl; np+=len+2; queries++; }
       io_uring_buf_ring_add(br,bb,BS,bid,NB-1,0); io_uring_buf_ring_advance(br,1); }
     if(!(q->flags&IORING_CQE_F_MORE)) armu();
   } else if(q->user_data==T_RECV){
     if(q->res>0){ int bid=q->flags>>16; BIO_write(in,tbufs+bid*TS,q->res); io_uring_buf_ring_add(tr,tbufs+bid*TS,TS,bid,TB-1,0); io_uring_buf_ring_advance(tr,1);
       int n; while((n=SSL_read(s,rx+nrx,sizeof rx-nrx))>0){ nrx+=n; int off=0; while(nrx-off>=2){ int l=(unsigned char)rx[off]<<8|(unsigned char)rx[off+1]; if(nrx-off-2<l)break; unsigned char*m=(void*)(rx+off+2); unsigned short sl=m[0]<<8|m[1]; struct slot*S=&slots[sl]; memcpy(S->buf,m,l>1500?1500:l); memcpy(S->buf,&S->id,2); S->v.iov_base=S->buf;S->v.iov_len=l; S->m.msg_name=&S->a;S->m.msg_namelen=sizeof S->a;S->m.msg_iov=&S->v;S->m.msg_iovlen=1; struct io_uring_sqe*t=sqe(); io_uring_prep_sendmsg(t,fd,&S->m,0); t->user_data=sl; off+=l+2; } memmove(rx,rx+off,nrx-off); nrx-=off; } }
     else {puts("backend closed"); return 1;}
     if(!(q->flags&IORING_CQE_F_MORE)) armt();
   } else if(q->user_data==T_SEND){ if(q->res<nc){ memmove(cipher,cipher+q->res,nc-q->res);} nc-=q->res; sending=0; }
   else fre[nfre++]=(unsigned short)q->user_data;
  }
  io_uring_cq_advance(&r,k); turns+=k>0;
  if(!sending){ if(np){ int off=0; while(off<np){ int n=SSL_write(s,plain+off,np-off); if(n<=0) abort(); off+=n; } records+=(np+16383)/16384; np=0; }
   int n; while((n=BIO_read(out,cipher+nc,sizeof cipher-nc))>0) nc+=n;
   if(nc){ struct io_uring_sqe*t=sqe(); io_uring_prep_send(t,tfd,cipher,nc,MSG_WAITALL); t->user_data=T_SEND; sending=1; sends++; } }
 }}
