// Floor: the least work a DoT->DoT forwarder can do. One thread, one ring, one TLS backend connection, no checks.
// usage: dot2dot LISTEN_PORT BACKEND_PORT CERT KEY
#define _GNU_SOURCE
#include <liburing.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define TB 1024
#define TS 16384
#define MAXC 4096
static char *tbufs; static struct io_uring_buf_ring *tr; static struct io_uring r;
struct conn{int fd; SSL*s; BIO*in,*out; char*plain; int np; char*cipher; int nc,cap; int sending; char rx[8192]; int nrx; int dirty;} C[MAXC]; // C[0] = backend
static struct slot{unsigned short c,id;} slots[65536]; static unsigned short fre[65536]; static int nfre; static int dirty[MAXC],nd;
static struct io_uring_sqe* sqe(void){struct io_uring_sqe*t=io_uring_get_sqe(&r); if(!t){io_uring_submit(&r);t=io_uring_get_sqe(&r);} return t;}
static unsigned long turns,queries,records,sends; static void stats(int n_){dprintf(2,"stats shard id=0 turns=%lu\nstats backend queries=%lu records-sent=%lu sends=%lu\nstats end\n",turns,queries,records,sends);}
#define K_ACC (1ull<<40)
#define K_RECV (2ull<<40)
#define K_SEND (3ull<<40)
static void armr(int i){struct io_uring_sqe*q=sqe(); io_uring_prep_recv_multishot(q,C[i].fd,0,0,0); q->flags|=IOSQE_BUFFER_SELECT; q->buf_group=1; q->user_data=K_RECV|i;}
static void mark(int i){ if(!C[i].dirty){C[i].dirty=1; dirty[nd++]=i;} }
static void put(int i,char*m,int l){ struct conn*c=&C[i]; c->plain[c->np]=l>>8; c->plain[c->np+1]=l; memcpy(c->plain+c->np+2,m,l); c->np+=l+2; mark(i);}
static void init(int i,int fd,SSL*s){struct conn*c=&C[i]; c->fd=fd;c->s=s;c->in=BIO_new(BIO_s_mem());c->out=BIO_new(BIO_s_mem());SSL_set_bio(s,c->in,c->out);c->np=c->nc=c->nrx=c->sending=c->dirty=0; c->cap=i?65536:1<<21; if(!c->plain){c->plain=malloc(i?65536:1<<20);c->cipher=malloc(c->cap);} }
int main(int n_,char**v){
 signal(SIGUSR1,stats);
 int lport=atoi(v[1]),bport=atoi(v[2]),one=1;
 int tfd=socket(AF_INET,SOCK_STREAM,0); struct sockaddr_in b={.sin_family=AF_INET,.sin_port=htons(bport),.sin_addr.s_addr=htonl(INADDR_LOOPBACK)}; if(connect(tfd,(void*)&b,sizeof b)){perror("connect");return 1;} setsockopt(tfd,IPPROTO_TCP,TCP_NODELAY,&one,4);
 SSL_CTX*cc=SSL_CTX_new(TLS_client_method()); SSL*s=SSL_new(cc); SSL_set_fd(s,tfd); if(SSL_connect(s)!=1)return 1; init(0,tfd,s);
 SSL_CTX*sc=SSL_CTX_new(TLS_server_method()); if(SSL_CTX_use_certificate_chain_file(sc,v[3])!=1||SSL_CTX_use_PrivateKey_file(sc,v[4],1)!=1)return 1; SSL_CTX_set_mode(sc,SSL_MODE_RELEASE_BUFFERS); SSL_CTX_set_session_cache_mode(sc,0); SSL_CTX_set_num_tickets(sc,1);
 int lfd=socket(AF_INET,SOCK_STREAM,0); setsockopt(lfd,SOL_SOCKET,SO_REUSEADDR,&one,4); struct sockaddr_in a={.sin_family=AF_INET,.sin_port=htons(lport),.sin_addr.s_addr=htonl(INADDR_LOOPBACK)}; if(bind(lfd,(void*)&a,sizeof a)||listen(lfd,1024)){perror("bind");return 1;}
 struct io_uring_params p={0}; p.flags=IORING_SETUP_SINGLE_ISSUER|IORING_SETUP_DEFER_TASKRUN|IORING_SETUP_CQSIZE; p.cq_entries=16384; if(io_uring_queue_init_params(4096,&r,&p))return 1;
 posix_memalign((void**)&tbufs,4096,TB*TS); posix_memalign((void**)&tr,4096,TB*sizeof(struct io_uring_buf)); struct io_uring_buf_reg reg={.ring_addr=(unsigned long)tr,.ring_entries=TB,.bgid=1}; if(io_uring_register_buf_ring(&r,&reg,0))return 1; io_uring_buf_ring_init(tr); for(int i=0;i<TB;i++) io_uring_buf_ring_add(tr,tbufs+i*TS,TS,i,TB-1,i); io_uring_buf_ring_advance(tr,TB);
 for(int i=0;i<65536;i++) fre[nfre++]=65535-i;
 struct io_uring_sqe*q0=sqe(); io_uring_prep_multishot_accept(q0,lfd,0,0,0); q0->user_data=K_ACC; armr(0);
 for(;;){ io_uring_submit_and_wait(&r,1); struct io_uring_cqe*q; unsigned h,k=0;
  io_uring_for_each_cqe(&r,h,q){ k++; unsigned long long kind=q->user_data&~0xffffffffull; int i=(int)(q->user_data&0xffffffff);
   if(kind==K_ACC){ if(q->res>0){int j=1; while(j<MAXC&&C[j].fd)j++; if(j==MAXC){close(q->res);} else { setsockopt(q->res,IPPROTO_TCP,TCP_NODELAY,&one,4); SSL*x=SSL_new(sc); SSL_set_accept_state(x); init(j,q->res,x); armr(j);} } }
   else if(kind==K_RECV){ struct conn*c=&C[i];
     if(q->res<=0){ if(q->res!=-105){ if(!i){puts("backend closed");return 1;} SSL_free(c->s); close(c->fd); c->fd=0; continue; } }
     else { int bid=q->flags>>16; BIO_write(c->in,tbufs+bid*TS,q->res); io_uring_buf_ring_add(tr,tbufs+bid*TS,TS,bid,TB-1,0); io_uring_buf_ring_advance(tr,1); mark(i);
       int n; while((n=SSL_read(c->s,c->rx+c->nrx,sizeof c->rx-c->nrx))>0){ c->nrx+=n; int off=0; while(c->nrx-off>=2){ int l=(unsigned char)c->rx[off]<<8|(unsigned char)c->rx[off+1]; if(c->nrx-off-2<l)break; unsigned char*m=(void*)(c->rx+off+2);
           if(i){ if(nfre){unsigned short sl=fre[--nfre]; slots[sl].c=i; slots[sl].id=m[0]<<8|m[1]; m[0]=sl>>8;m[1]=sl; put(0,(char*)m,l); queries++;} }
           else { unsigned short sl=m[0]<<8|m[1]; m[0]=slots[sl].id>>8;m[1]=slots[sl].id; if(C[slots[sl].c].fd) put(slots[sl].c,(char*)m,l); fre[nfre++]=sl; }
           off+=l+2; } memmove(c->rx,c->rx+off,c->nrx-off); c->nrx-=off; } }
     if(!(q->flags&IORING_CQE_F_MORE)) armr(i); }
   else { struct conn*c=&C[i]; if(q->res>0){ if(q->res<c->nc) memmove(c->cipher,c->cipher+q->res,c->nc-q->res); c->nc-=q->res; } c->sending=0; mark(i); }
  } io_uring_cq_advance(&r,k); turns+=k>0;
  for(int d=0;d<nd;d++){ int i=dirty[d]; struct conn*c=&C[i]; c->dirty=0; if(!c->fd||c->sending) continue; if(c->np){int off=0; while(off<c->np){int n=SSL_write(c->s,c->plain+off,c->np-off); if(n<=0)break; off+=n;} if(!i) records+=(c->np+16383)/16384; c->np=0;} int n; while((n=BIO_read(c->out,c->cipher+c->nc,c->cap-c->nc))>0) c->nc+=n; if(c->nc){struct io_uring_sqe*t=sqe(); io_uring_prep_send(t,c->fd,c->cipher,c->nc,MSG_WAITALL); t->user_data=K_SEND|i; c->sending=1; sends+=!i;} } nd=0;
 }}
