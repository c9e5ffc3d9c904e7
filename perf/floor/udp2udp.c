// Floor: the least work a UDP->UDP forwarder can do that still draws an ID and a socket for each query and looks whose an answer is (RFC 5452).
// One thread, one ring, no other checks. A datagram leaves from the buffer it came in, and sends need no completion: what they name is free
// again when their submission has returned.
#define _GNU_SOURCE
#include <liburing.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define NB 1024
#define BS 2048
#define PLACES 16384
#define MOST (PLACES/4)
static char *bufs[2]; static struct io_uring_buf_ring *br[2];
static struct io_uring r;
static unsigned long turns,queries; static void stats(int n_){dprintf(2,"stats shard id=0 turns=%lu\nstats backend queries=%lu records-sent=%lu sends=%lu\nstats end\n",turns,queries,queries,queries);}
// A query in flight: who asked under which ID, on which socket under which ID it went out, and its question.
static struct slot{struct sockaddr_in a; unsigned short id,up,s,nq; char q[512]; struct msghdr m; struct iovec v;} *slots; static unsigned short fre[MOST]; static int nfre;
static unsigned short places[PLACES]; // by socket and ID: 0, or a slot's number and one
static unsigned short over[MOST]; static int nover; // answered in this turn
static unsigned short used[2][NB]; static int nused[2]; // buffers whose bytes are being sent
static struct io_uring_sqe* sqe(void){struct io_uring_sqe*t=io_uring_get_sqe(&r); if(!t){io_uring_submit(&r);t=io_uring_get_sqe(&r);} return t;}
static unsigned lot(void){static unsigned short pool[2048]; static int left; if(!left){if(getrandom(pool,sizeof pool,0)!=sizeof pool)abort(); left=2048;} return pool[--left];}
static unsigned place(unsigned s,unsigned id){return (id+s*4099)&(PLACES-1);}
static int question(unsigned char*m,int len){int at=12; while(at<len&&m[at]) at+=m[at]+1; at+=5; return at<=len&&at-12<=512?at-12:0;}
static void buffers(int g){posix_memalign((void**)&bufs[g],4096,NB*BS); posix_memalign((void**)&br[g],4096,NB*sizeof(struct io_uring_buf));
 struct io_uring_buf_reg reg={.ring_addr=(unsigned long)br[g],.ring_entries=NB,.bgid=g}; if(io_uring_register_buf_ring(&r,&reg,0)){puts("reg");exit(1);}
 io_uring_buf_ring_init(br[g]); for(int i=0;i<NB;i++) io_uring_buf_ring_add(br[g],bufs[g]+i*BS,BS,i,NB-1,i); io_uring_buf_ring_advance(br[g],NB);}
int main(int c,char**v){
 signal(SIGUSR1,stats);
 int lport=atoi(v[1]), bport=atoi(v[2]), ns=c>3?atoi(v[3]):4, one=1, sz=4<<20, up[64];
 for(int i=0;i<ns;i++){ struct sockaddr_in b={.sin_family=AF_INET,.sin_port=htons(bport),.sin_addr.s_addr=htonl(INADDR_LOOPBACK)}; up[i]=socket(AF_INET,SOCK_DGRAM,0); if(connect(up[i],(void*)&b,sizeof b)){perror("connect");return 1;} }
 struct io_uring_params p={0}; p.flags=IORING_SETUP_SINGLE_ISSUER|IORING_SETUP_DEFER_TASKRUN|IORING_SETUP_CQSIZE; p.cq_entries=16384;
 int e=io_uring_queue_init_params(4096,&r,&p); if(e){printf("init %d\n",e);return 1;}
 int fd=socket(AF_INET,SOCK_DGRAM,0); setsockopt(fd,SOL_SOCKET,SO_REUSEPORT,&one,4); setsockopt(fd,SOL_SOCKET,SO_RCVBUFFORCE,&sz,4);
 struct sockaddr_in a={.sin_family=AF_INET,.sin_port=htons(lport),.sin_addr.s_addr=htonl(INADDR_LOOPBACK)}; if(bind(fd,(void*)&a,sizeof a)){perror("bind");return 1;}
 buffers(0); buffers(1);
 slots=calloc(MOST,sizeof *slots); for(int i=0;i<MOST;i++) fre[nfre++]=MOST-1-i;
 struct msghdr mh={.msg_namelen=sizeof(struct sockaddr_in)};
 void armu(void){struct io_uring_sqe*q=sqe(); io_uring_prep_recvmsg_multishot(q,fd,&mh,0); q->flags|=IOSQE_BUFFER_SELECT; q->buf_group=0; q->user_data=ns;}
 void armb(int s){struct io_uring_sqe*q=sqe(); io_uring_prep_recv_multishot(q,up[s],0,0,0); q->flags|=IOSQE_BUFFER_SELECT; q->buf_group=1; q->user_data=s;}
 void send_on(struct io_uring_sqe*q){q->flags|=IOSQE_CQE_SKIP_SUCCESS; q->user_data=ns+1;}
 void give_back(void){ for(int g=0;g<2;g++){ for(int i=0;i<nused[g];i++) io_uring_buf_ring_add(br[g],bufs[g]+used[g][i]*BS,BS,used[g][i],NB-1,i); io_uring_buf_ring_advance(br[g],nused[g]); nused[g]=0; }
  while(nover) fre[nfre++]=over[--nover]; }
 armu(); for(int i=0;i<ns;i++) armb(i);
 for(;;){
  io_uring_submit_and_wait(&r,1); give_back();
  struct io_uring_cqe*q; unsigned h,k=0;
  io_uring_for_each_cqe(&r,h,q){ k++;
   if(q->user_data>ns) continue;
   int g=q->user_data<ns, bid=q->flags>>16; char*bb=bufs[g]+bid*BS;
   if(q->res>0) used[g][nused[g]++]=bid;
   if(q->res>0&&!g){ struct io_uring_recvmsg_out*o=(void*)bb; char*name=bb+sizeof*o; unsigned char*m=(void*)(name+mh.msg_namelen); int len=o->payloadlen, nq;
     if(len>=12&&(nq=question(m,len))&&nfre>0){ unsigned short sl=fre[--nfre]; struct slot*S=&slots[sl]; unsigned at;
       memcpy(&S->a,name,sizeof S->a); memcpy(&S->id,m,2); memcpy(S->q,m+12,S->nq=nq);
       do{ S->up=lot(); S->s=lot()%ns; at=place(S->s,S->up); }while(places[at]); places[at]=sl+1; memcpy(m,&S->up,2);
       struct io_uring_sqe*t=sqe(); io_uring_prep_send(t,up[S->s],m,len,MSG_DONTWAIT); send_on(t); queries++; }
   } else if(q->res>=12){ unsigned short id; memcpy(&id,bb,2); unsigned at=place(q->user_data,id); struct slot*S=&slots[places[at]-1];
     if(places[at]&&S->s==q->user_data&&S->up==id&&q->res>=12+S->nq&&!memcmp(bb+12,S->q,S->nq)){ places[at]=0; over[nover++]=S-slots; memcpy(bb,&S->id,2);
       S->v=(struct iovec){bb,q->res}; S->m=(struct msghdr){.msg_name=&S->a,.msg_namelen=sizeof S->a,.msg_iov=&S->v,.msg_iovlen=1};
       struct io_uring_sqe*t=sqe(); io_uring_prep_sendmsg(t,fd,&S->m,MSG_DONTWAIT); send_on(t); } }
   if(!(q->flags&IORING_CQE_F_MORE)){ if(g) armb(q->user_data); else armu(); }
  }
  io_uring_cq_advance(&r,k); turns+=k>0;
 }}
