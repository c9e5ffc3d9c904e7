// Floor: the least work a TCP->DoT forwarder can do. One thread, one ring, one TLS connection, no checks.
// usage: tcp2dot LISTEN_PORT BACKEND_PORT
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
#define CB 131072
static char *tbufs; static struct io_uring_buf_ring *tr; static struct io_uring r;
static SSL*s; static BIO*in,*out;
// plain: what this turn appends; wire: what is being sent. C[0] is the backend, whose plain becomes TLS records in wire.
struct conn{int fd; char*plain; int np; char*wire; int nw; int sending; char rx[8192]; int nrx; int dirty;}; static struct conn C[MAXC];
static struct slot{unsigned short c,id;} slots[65536]; static unsigned short fre[65536]; static int nfre; static int dirty[MAXC],nd;
static unsigned long turns,queries,records,sends; static void stats(int n_){dprintf(2,"stats shard id=0 turns=%lu\nstats backend queries=%lu records-sent=%lu sends=%lu\nstats end\n",turns,queries,records,sends);}
static struct io_uring_sqe* sqe(void){struct io_uring_sqe*t=io_uring_get_sqe(&r); if(!t){io_uring_submit(&r);t=io_uring_get_sqe(&r);} return t;}
#define K_ACC (1ull<<40)
#define K_RECV (2ull<<40)
#define K_SEND (3ull<<40)
static void armr(int i){struct io_uring_sqe*q=sqe(); io_uring_prep_recv_multishot(q,C[i].fd,0,0,0); q->flags|=IOSQE_BUFFER_SELECT; q->buf_group=1; q->user_data=K_RECV|i;}
static void mark(int i){ if(!C[i].dirty){C[i].dirty=1; dirty[nd++]=i;} }
static void put(int i,char*m,int l){ struct conn*c=&C[i]; if(c->np+l+2>CB) return; c->plain[c->np]=l>>8; c->plain[c->np+1]=l; memcpy(c->plain+c->np+2,m,l); c->np+=l+2; mark(i);}
static void init(int i,int fd){struct conn*c=&C[i]; c->fd=fd; c->np=c->nw=c->nrx=c->sending=c->dirty=0; if(!c->plain){c->plain=malloc(CB);c->wire=malloc(2*CB);} }
// Whole messages in rx go on their way; what is left of a message stays.
static void frames(int i){ struct conn*c=&C[i]; int off=0; while(c->nrx-off>=2){ int l=(unsigned char)c->rx[off]<<8|(unsigned char)c->rx[off+1]; if(c->nrx-off-2<l)break; unsigned char*m=(void*)(c->rx+off+2);
  if(i){ if(nfre){unsigned short sl=fre[--nfre]; slots[sl].c=i; slots[sl].id=m[0]<<8|m[1]; m[0]=sl>>8;m[1]=sl; put(0,(char*)m,l); queries++;} }
  else { unsigned short sl=m[0]<<8|m[1]; m[0]=slots[sl].id>>8;m[1]=slots[sl].id; if(C[slots[sl].c].fd) put(slots[sl].c,(char*)m,l); fre[nfre++]=sl; }
  off+=l+2; } memmove(c->rx,c->rx+off,c->nrx-off); c->nrx-=off; }
int main(int n_,char**v){
 signal(SIGUSR1,stats);
 int lport=atoi(v[1]),bport=atoi(v[2]),one=1;
 int tfd=socket(AF_INET,SOCK_STREAM,0); struct sockaddr_in b={.sin_family=AF_INET,.sin_port=htons(bport),.sin_addr.s_addr=htonl(INADDR_LOOPBACK)}; if(connect(tfd,(void*)&b,sizeof b)){perror("connect");return 1;} setsockopt(tfd,IPPROTO_TCP,TCP_NODELAY,&one,4);
 SSL_CTX*cc=SSL_CTX_new(TLS_client_method()); s=SSL_new(cc); SSL_set_fd(s,tfd); if(SSL_connect(s)!=1){puts("tls");return 1;} in=BIO_new(BIO_s_mem());out=BIO_new(BIO_s_mem());SSL_set_bio(s,in,out); init(0,tfd);
 int lfd=socket(AF_INET,SOCK_STREAM,0); setsockopt(lfd,SOL_SOCKET,SO_REUSEADDR,&one,4); struct sockaddr_in a={.sin_family=AF_INET,.sin_port=htons(lport),.sin_addr.s_addr=htonl(INADDR_LOOPBACK)}; if(bind(lfd,(void*)&a,sizeof a)||listen(lfd,1024)){perror("bind");return 1;}
 struct io_uring_params p={0}; p.flags=IORING_SETUP_SINGLE_ISSUER|IORING_SETUP_DEFER_TASKRUN|IORING_SETUP_CQSIZE; p.cq_entries=16384; if(io_uring_queue_init_params(4096,&r,&p))return 1;
 posix_memalign((void**)&tbufs,4096,TB*TS); posix_memalign((void**)&tr,4096,TB*sizeof(struct io_uring_buf)); struct io_uring_buf_reg reg={.ring_addr=(unsigned long)tr,.ring_entries=TB,.bgid=1}; if(io_uring_register_buf_ring(&r,&reg,0))return 1; io_uring_buf_ring_init(tr); for(int i=0;i<TB;i++) io_uring_buf_ring_add(tr,tbufs+i*TS,TS,i,TB-1,i); io_uring_buf_ring_advance(tr,TB);
 for(int i=0;i<65536;i++) fre[nfre++]=65535-i;
 struct io_uring_sqe*q0=sqe(); io_uring_prep_multishot_accept(q0,lfd,0,0,0); q0->user_data=K_ACC; armr(0);
 for(;;){ io_uring_submit_and_wait(&r,1); struct io_uring_cqe*q; unsigned h,k=0;
  io_uring_for_each_cqe(&r,h,q){ k++; unsigned long long kind=q->user_data&~0xffffffffull; int i=(int)(q->user_data&0xffffffff); struct conn*c=&C[i];
   if(kind==K_ACC){ if(q->res>0){int j=1; while(j<MAXC&&(C[j].fd||C[j].sending))j++; if(j==MAXC){close(q->res);} else { setsockopt(q->res,IPPROTO_TCP,TCP_NODELAY,&one,4); init(j,q->res); armr(j);} } }
   else if(kind==K_RECV){
     if(q->res<=0){ if(q->res!=-105){ if(!i){puts("backend closed");return 1;} close(c->fd); c->fd=0; continue; } }
     else { int bid=q->flags>>16,left=q->res; char*d=tbufs+bid*TS;
       if(i) while(left){ int n=sizeof c->rx-c->nrx; if(n>left)n=left; memcpy(c->rx+c->nrx,d,n); c->nrx+=n; d+=n; left-=n; frames(i); }
       else { BIO_write(in,d,left); int n; while((n=SSL_read(s,c->rx+c->nrx,sizeof c->rx-c->nrx))>0){ c->nrx+=n; frames(0); } }
       io_uring_buf_ring_add(tr,tbufs+bid*TS,TS,bid,TB-1,0); io_uring_buf_ring_advance(tr,1); }
     if(!(q->flags&IORING_CQE_F_MORE)) armr(i); }
   else { if(q->res>0&&q->res<c->nw) memmove(c->wire,c->wire+q->res,c->nw-q->res); c->nw-=q->res>0?q->res:c->nw; c->sending=0; mark(i); }
  } io_uring_cq_advance(&r,k); turns+=k>0;
  for(int d=0;d<nd;d++){ int i=dirty[d]; struct conn*c=&C[i]; c->dirty=0; if(!c->fd||c->sending) continue;
   if(i){ if(!c->nw&&c->np){char*t=c->wire; c->wire=c->plain; c->plain=t; c->nw=c->np; c->np=0;} }
   else { if(c->np){int off=0; while(off<c->np){int n=SSL_write(s,c->plain+off,c->np-off); if(n<=0)break; off+=n;} records+=(c->np+16383)/16384; c->np=0;} int n; while((n=BIO_read(out,c->wire+c->nw,2*CB-c->nw))>0) c->nw+=n; }
   if(c->nw){struct io_uring_sqe*t=sqe(); io_uring_prep_send(t,c->fd,c->wire,c->nw,MSG_WAITALL|MSG_NOSIGNAL); t->user_data=K_SEND|i; c->sending=1; sends+=!i;} } nd=0;
 }}
