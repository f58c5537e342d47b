/* Berth: membership and slots. Every measure can be taken away by a -D flag; README.md lists them.
   Two master candidates, NW workers, one gate (member index NW), NS slots. The durable record is two nodes, each written by
   compare-and-set on its own version: term (taken over, renewed, resigned) and view (written by the master, rewritten by a take-over).
   Messages: beats, answers, views may be lost, delayed, duplicated (all are numbered, so a bag is enough); so may requests to the
   coordinator and their answers. A pause at any point = the process is not scheduled while Clock ticks.
   Time: true ticks. L  = longest true time a member may act after SENDING a beat (slow clock included),
                     LM = shortest true time the master waits after RECEIPT (fast clock included): stretched <=> LM>=L. */
#ifndef NW
#define NW 2
#endif
#ifndef NS
#define NS 1
#endif
#ifndef MAXV
#define MAXV 5
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef TERMS
#define TERMS 2
#endif
#ifndef MAXINC
#define MAXINC 2
#endif
#define G NW
#define NM (NW+1)
#ifndef L
#define L 2
#endif
#ifdef NOSTRETCH
#define LM (L-1)
#else
#define LM L
#endif
#ifndef LL
#define LL 1        /* leader lease, from the SEND of a renewal that succeeded */
#endif
/* what a new master waits before it calls anyone lapsed: k ticks last less than k, so the last answer under the old
   leader lease leaves within LL-1 ticks, and the lease in it ends LM later */
#ifdef NOLLWAIT
#define TW LM
#else
#define TW (LM+LL-1)
#endif
#define NONE 7

typedef View { byte own[NS]; byte ep[NS]; byte st[NS]; byte inc[NM] };   /* st: 1 OFFERED, 2 RUNNING */
/* ph: 0 idle 1 elected 2 has read term 5 has read view and sent take-over 6 take-over executed 3 active 7 resigned
   pw: 1 view write sent 2 executed 3 refused    rs: 1 renewal sent 2 executed    ra: age of the renewal or take-over */
typedef MS { byte tm; byte ph; byte mv; byte vv; byte rs; byte ra; byte rd; byte fl; byte ll; byte pw; byte pk; byte ps; byte pn; byte mm[NM]; byte mk[NM] };
typedef MB { byte inc; byte alive; byte app; byte mt; byte ml; byte jr;
             byte bs; byte bm; byte ba; byte bk; byte bi; byte bt;
             byte ws[NS]; byte we[NS]; byte pd; byte pds; byte dm; byte ds; byte di; byte cert; byte btk; byte na };
View V[MAXV+1];
MS M[2];
MB B[NM];
/* the record: term node (number, resigned), view node (number, version). The term node's renewal counter is left out:
   a stale counter only makes a write fail, and any write may fail. */
byte dterm=1, dres=0, dv=1, dvv=1;
byte pushed=1, zterm=1, lead=0, crashes=0;
byte sf[NS], sacc[NS], cf[NS], prep[NS], gup[NS];
byte calm=0, since=0;
byte ti, tj, tn, tx;   /* scratch, always 0 between steps */

#define SERV(w,s) (B[w].alive && B[w].ws[s]==3 && B[w].ml>0)
#if NW==2
#define I1(s) assert(!(SERV(0,s)&&SERV(1,s)))
#else
#define I1(s) assert(!(SERV(0,s)&&SERV(1,s)) && !(SERV(0,s)&&SERV(2,s)) && !(SERV(1,s)&&SERV(2,s)))
#endif
#if NS==2
#define I1ALL I1(0); I1(1)
#else
#define I1ALL I1(0)
#endif
#ifdef NOLEADLEASE
#define LLOK(m) true
#else
#define LLOK(m) (M[m].ll>0)
#endif
#ifdef NOLEASE
#define LEASED(i) true
#undef SERV
#define SERV(w,s) (B[w].alive && B[w].ws[s]==3)
#else
#define LEASED(i) (B[i].ml>0)
#endif
#define CUR(m) V[M[m].mv]
#define LISTED(m,i) (CUR(m).inc[i]!=0)
#define LAPSED(m,i) (M[m].mm[i]==0 || (B[i].cert!=0 && B[i].cert==CUR(m).inc[i]))
#if NS==2
#define OWNS(m,i) ((CUR(m).own[0]==i)||(CUR(m).own[1]==i))
#else
#define OWNS(m,i) (CUR(m).own[0]==i)
#endif
/* will the pending (submitted, not surely failed) proposal expel i ? */
#ifdef NOPENDGUARD
#define PENDEXP(m,i) false
#elif defined(READFAIL)   /* "read again, still the old view, so it failed" while the write is under way */
#define PENDEXP(m,i) (M[m].pw==2 && M[m].pk==1 && CUR(m).own[M[m].ps]==i)
#else
#define PENDEXP(m,i) ((M[m].pw==1||M[m].pw==2) && M[m].pk==1 && CUR(m).own[M[m].ps]==i)
#endif

/* ---- master ---- */
/* an answer never shortens what the take-over wait demands. SHORTEN: it does */
#ifdef SHORTEN
#define LEASES(m,i) M[m].mm[i]=LM
#else
#define LEASES(m,i) M[m].mm[i]=(M[m].mm[i]>LM -> M[m].mm[i] : LM)
#endif
#define BEATIN(m,i) \
 :: d_step { (M[m].ph==3 && B[i].bs==1 && B[i].bm==m && LLOK(m)) -> \
    if :: (IEQ(CUR(m).inc[i],B[i].bi) && !PENDEXP(m,i)) -> \
          if :: B[i].bk>M[m].mk[i] -> M[m].mk[i]=B[i].bk :: else fi; \
          if :: HEARS(i)==0 -> B[i].bs=3 \
             :: HEARS(i)!=0 && FLOK(m,i) -> LEASES(m,i); B[i].bs=2; B[i].bt=M[m].tm :: else -> B[i].bs=0 fi \
       :: else -> B[i].bs=0 fi }
/* ASYM: from calm on, worker 0 can send to masters but hears nothing. ECHO: a lease only for a beat that echoes a recent answer */
#ifdef ECHO
#define HEARS(i) (B[i].na<=2)
#define NAINC(i) if :: B[i].na<3 -> B[i].na++ :: else fi;
#else
#define HEARS(i) 1
#define NAINC(i)
#endif
#ifdef ASYM
#define DEAF(i) (calm && i==0)
#else
#define DEAF(i) false
#endif
#ifdef NOINCMASTER
#define IEQ(a,b) (a!=0)
#else
#define IEQ(a,b) (a==b)
#endif
#ifdef NOFLOOR
#define FLOK(m,i) true
#else
#define FLOK(m,i) (M[m].mk[i]>=M[m].fl)
#endif
#define CANGRANT(m,s,n) (M[m].ph==3 && M[m].pw==0 && M[m].mv<MAXV && LAPSED(m,CUR(m).own[s]) && \
    ( (n!=CUR(m).own[s] && LISTED(m,n) && M[m].mm[n]>0 && !OWNS(m,n)) || \
      (B[n].jr>CUR(m).inc[n] && (n==CUR(m).own[s] || (CUR(m).inc[n]==0)))))
#define GRANT(m,s,n) :: d_step { CANGRANT(m,s,n) -> M[m].pw=1; M[m].pk=1; M[m].ps=s; M[m].pn=n }
#define RUNP(m,s) :: d_step { (M[m].ph==3 && M[m].pw==0 && M[m].mv<MAXV && CUR(m).st[s]==1 && prep[s]==CUR(m).ep[s]) -> \
    M[m].pw=1; M[m].pk=2; M[m].ps=s; M[m].pn=0 }
#define JOINP(m,n) :: d_step { (M[m].ph==3 && M[m].pw==0 && M[m].mv<MAXV && B[n].jr>CUR(m).inc[n] && \
    (CUR(m).inc[n]==0 || (LAPSED(m,n) && !OWNS(m,n)))) -> M[m].pw=1; M[m].pk=3; M[m].pn=n; M[m].ps=0 }
#ifdef NOBARRIER
#define ACKED(m,i,s) true
#else
#define ACKED(m,i,s) (!LISTED(m,i) || M[m].mk[i]>=CUR(m).ep[s] || LAPSED(m,i))
#endif
#ifdef EARLYASSERT   /* when the barrier closes, no replaced worker is still serving inside a lease */
#define EARLYA(m,s) assert(!(CUR(m).inc[0]!=B[0].inc && SERV(0,s)) && !(CUR(m).inc[1]!=B[1].inc && SERV(1,s)))
#else
#define EARLYA(m,s) skip
#endif
#if NW==2
#define ALLACK(m,s) (ACKED(m,0,s)&&ACKED(m,1,s)&&ACKED(m,2,s))
#else
#define ALLACK(m,s) (ACKED(m,0,s)&&ACKED(m,1,s)&&ACKED(m,2,s)&&ACKED(m,3,s))
#endif
#define CLOSE(m,s) :: d_step { (M[m].ph==3 && LLOK(m) && CUR(m).st[s]==1 && cf[s]<CUR(m).ep[s] && ALLACK(m,s)) -> \
    EARLYA(m,s); cf[s]=CUR(m).ep[s]; if :: M[m].fl<CUR(m).ep[s] -> M[m].fl=CUR(m).ep[s] :: else fi; \
    if :: gup[s]<cf[s] -> gup[s]=cf[s] :: else fi }
/* A view write is a compare-and-set on the view node's own version, nothing else. */
#ifdef BLIND
#define CASOK(m) true
#else
#define CASOK(m) (dvv==M[m].vv)
#endif
/* A take-over is one transaction on both nodes: term := term+1, and the view rewritten, so that its version grows.
   TERMONLY: leaves the view node alone. TAKECHECK: checks its version, does not write it. TAKEBLIND: does not check it.
   CASONLY, BLIND: no write at all. */
#if defined(CASONLY) || defined(BLIND)
#define TAKEOK(m) true
#define TAKE(m) skip
#define NEWTERM zterm
#define RENEWOK(m) (lead==m)
#else
#define NEWTERM (dterm+1)
#ifdef RESIGN
#define RENEWOK(m) (dterm==M[m].tm && dres==0)
#else
#define RENEWOK(m) (dterm==M[m].tm)
#endif
#ifdef TERMONLY
#define TAKEOK(m) (dterm+1==M[m].tm)
#define TAKE(m) dterm=M[m].tm; dres=0
#elif defined(TAKECHECK)
#define TAKEOK(m) (dterm+1==M[m].tm && dvv==M[m].vv)
#define TAKE(m) dterm=M[m].tm; dres=0
#elif defined(TAKEBLIND)
#define TAKEOK(m) (dterm+1==M[m].tm)
#define TAKE(m) assert(dv==M[m].mv); dterm=M[m].tm; dres=0; dvv++; M[m].vv=dvv     /* I5: no view is overwritten */
#else
#define TAKEOK(m) (dterm+1==M[m].tm && dvv==M[m].vv)
#define TAKE(m) dterm=M[m].tm; dres=0; dvv++; M[m].vv=dvv
#endif
#endif
#ifdef RENEWBLIND
#undef RENEWOK
#define RENEWOK(m) true
#endif
#ifdef RENEWRECV
#define LEADLEFT(m) LL
#else
#define LEADLEFT(m) (M[m].ra<LL -> LL-M[m].ra : 0)
#endif
#ifdef NOTAKEWAIT
#define WAIT(m) 0
#elif defined(RESIGN)
#define WAIT(m) (M[m].rd -> LM : TW)
#else
#define WAIT(m) TW
#endif
#ifdef TAKESEND        /* the wait counted from the take-over's send */
#define RAMAX (LL>TW -> LL : TW)
#define TAKELEFT(m) (WAIT(m)>M[m].ra -> WAIT(m)-M[m].ra : 0)
#else
#define RAMAX LL
#define TAKELEFT(m) WAIT(m)
#endif
/* A master that stops is one that is not scheduled again, and a write that fails is one that was not sent; so stepping down
   and losing a write are in the model only where it matters that the process comes back. */
#if TERMS>2 || defined(LIVE) || defined(MCRASH)
#define STEPDOWN
#endif
/* a deposed master that can neither answer nor write: forgotten, to keep the state space small */
#define SPENT(m) (M[m].ph==3 && !RENEWOK(m) && !CASOK(m) && !LLOK(m) && M[m].rs!=2 && M[m].pw!=2)
inline forgets(m) {
   M[m].tm=0; M[m].ph=0; M[m].mv=0; M[m].vv=0; M[m].rs=0; M[m].ra=0; M[m].rd=0; M[m].fl=0; M[m].ll=0; M[m].pw=0; M[m].pk=0; M[m].ps=0; M[m].pn=0;
   tj=0; do :: tj<NM -> M[m].mm[tj]=0; M[m].mk[tj]=0; tj++ :: else -> break od; tj=0 }

#ifdef RENEWBLIND
#define RENEWS(m) dterm=M[m].tm
#else
#define RENEWS(m) skip
#endif
/* resigned: stops answering first, then says so. RESIGNEARLY: says so while it still answers */
#ifdef RESIGNEARLY
#define RESIGNPH 3
#else
#define RESIGNPH 7
#endif
#define RESIGNS(m) :: d_step { (M[m].ph==3) -> M[m].ph=RESIGNPH; M[m].rs=0; M[m].ra=0; if :: RESIGNPH==7 -> M[m].ll=0 :: else fi } \
 :: d_step { (M[m].ph==RESIGNPH && dterm==M[m].tm && dres==0) -> dres=1 }

proctype Master(byte m) {
end: do
 :: d_step { (lead==NONE && M[m].ph==0 && zterm<TERMS) -> zterm++; lead=m; M[m].ph=1 }
 :: d_step { (M[m].ph==1) -> M[m].tm=NEWTERM; M[m].rd=dres; M[m].ph=2 }           /* reads the term node */
 :: d_step { (M[m].ph==2) -> M[m].mv=dv; M[m].vv=dvv; M[m].ra=0; M[m].ph=5 }      /* reads the view node, sends the take-over */
 :: d_step { (M[m].ph==5) -> 
      if :: TAKEOK(m) -> TAKE(m); M[m].ph=6
         :: else -> M[m].mv=0; M[m].vv=0; M[m].tm=0; M[m].ra=0; M[m].rd=0; M[m].ph=1 fi }
 :: d_step { (M[m].ph==6) ->                                                      /* learns that it succeeded */
      M[m].ph=3; if :: LEADLEFT(m)>M[m].ll -> M[m].ll=LEADLEFT(m) :: else fi;
#ifdef NOFLOORTAKE
      M[m].fl=0;
#else
      M[m].fl=M[m].mv;
#endif
      if :: pushed<M[m].mv -> pushed=M[m].mv :: else fi;
      ti=0; do :: ti<NM -> M[m].mk[ti]=0; M[m].mm[ti]=TAKELEFT(m); ti++ :: else -> break od; ti=0; M[m].ra=0; M[m].rd=0 }
 /* renewal: an asynchronous conditional write; late, lost, or answered late */
 :: d_step { (M[m].ph==3 && M[m].rs==0 && M[m].ll<LL && RENEWOK(m)) -> M[m].rs=1; M[m].ra=0 }
 :: d_step { (M[m].rs==1 && RENEWOK(m)) -> M[m].rs=2; RENEWS(m) }
 :: d_step { (M[m].rs==2) -> if :: LEADLEFT(m)>M[m].ll -> M[m].ll=LEADLEFT(m) :: else fi; M[m].rs=0; M[m].ra=0 }
#ifdef RESIGN
 RESIGNS(m)
#endif
 BEATIN(m,0) BEATIN(m,1) BEATIN(m,2)
#if NW==3
 BEATIN(m,3)
#endif
 GRANT(m,0,0) GRANT(m,0,1)
#if NW==3
 GRANT(m,0,2)
#endif
#if NS==2
 GRANT(m,1,0) GRANT(m,1,1)
#if NW==3
 GRANT(m,1,2)
#endif
 RUNP(m,1) CLOSE(m,1)
#endif
 RUNP(m,0) CLOSE(m,0)
 JOINP(m,0) JOINP(m,1)
#if NW==3
 JOINP(m,2)
#endif
 :: d_step { (M[m].pw==1) ->                                                      /* the register executes the write */
      if :: CASOK(m) -> tn=M[m].mv+1; 
#ifdef BLIND
            assert(tn>dv);                                                        /* I5: a view number never changes its content */
#elif !defined(CASONLY) && !defined(TERMONLY) && !defined(TAKECHECK) && !defined(RENEWBLIND)
            assert(dterm==M[m].tm && dv==M[m].mv);                                /* what the version stands for */
#endif
            ti=0; do :: ti<NM -> V[tn].inc[ti]=CUR(m).inc[ti]; ti++ :: else -> break od;
            ti=0; do :: ti<NS -> V[tn].own[ti]=CUR(m).own[ti]; V[tn].ep[ti]=CUR(m).ep[ti]; V[tn].st[ti]=CUR(m).st[ti]; ti++ :: else -> break od;
            if :: M[m].pk==1 -> tx=M[m].ps; V[tn].inc[V[tn].own[tx]]=0; V[tn].own[tx]=M[m].pn; V[tn].ep[tx]=tn; V[tn].st[tx]=1;
                  if :: (B[M[m].pn].jr>CUR(m).inc[M[m].pn]) -> V[tn].inc[M[m].pn]=B[M[m].pn].jr :: else fi
               :: M[m].pk==2 -> V[tn].st[M[m].ps]=2
               :: M[m].pk==3 -> V[tn].inc[M[m].pn]=B[M[m].pn].jr fi;
            dv=tn; dvv++; M[m].pw=2; tn=0; ti=0; tx=0
         :: else -> M[m].pw=3 fi }
 :: d_step { (M[m].pw==2) -> 
      ti=0; do :: ti<NM -> if :: V[M[m].mv+1].inc[ti]!=CUR(m).inc[ti] -> M[m].mm[ti]=0; M[m].mk[ti]=0 :: else fi; ti++ :: else -> break od; ti=0;
      M[m].mv++; M[m].vv++; M[m].pw=0; M[m].pk=0; M[m].ps=0; M[m].pn=0; if :: pushed<M[m].mv -> pushed=M[m].mv :: else fi }
#ifdef STEPDOWN
 /* a write that has surely failed without a change of term: lost, and settled by writing the same view again */
 :: d_step { (M[m].pw==1 && !calm) -> M[m].pw=0; M[m].pk=0; M[m].ps=0; M[m].pn=0 }
 /* learns that it was deposed, or crashes */
 :: d_step { (M[m].pw==3 || (M[m].rs==1 && !RENEWOK(m)) || (M[m].ph!=0 && lead!=m)) -> forgets(m) }
#endif
 od }

/* ---- members ---- */
#ifdef NOTERM
#define TOK(i,t) true
#else
#define TOK(i,t) (t>=B[i].mt)
#endif
#ifdef RECVCOUNT
#define LEFT(i) L
#else
#define LEFT(i) (L-B[i].ba)
#endif
#ifdef NOINCMASTER
#define ADM(i) true
#else
#define ADM(i) (B[i].app>0)
#endif
#define BEAT(i,m) :: d_step { (B[i].alive && ADM(i) && M[m].ph==3 && TOK(i,M[m].tm) && BEATOK(i) && \
      !(B[i].bs==1 && B[i].bm==m && B[i].ba==0 && B[i].bk==B[i].app)) -> \
    B[i].bs=1; B[i].bm=m; B[i].ba=0; B[i].bk=B[i].app; B[i].bi=B[i].inc; B[i].bt=0; NAINC(i) B[i].btk=LIVEBIT(i) }
#ifdef LIVE
#define LIVEBIT(i) (B[i].app+1)
#define BEATOK(i) (!calm || (B[i].bs==0 && B[i].btk!=B[i].app+1) || (B[i].bs!=0 && B[i].bi!=B[i].inc) || (B[i].bs>=2 && B[i].ba>=1 && B[i].btk==0) || (B[i].bs==1 && (M[B[i].bm].ph!=3 || B[i].bk!=B[i].app)))
#else
#define LIVEBIT(i) 0
/* a beat is given up (lost) only when it is too old to be worth an answer, or when there is a new acknowledgement, or its master is gone */
#define BEATOK(i) (B[i].bs==0 || B[i].ba>=L || B[i].bk!=B[i].app || M[B[i].bm].ph!=3)
#endif
#define ANSWER(i) :: d_step { (B[i].alive && B[i].bs==3 && B[i].bi==B[i].inc && !DEAF(i)) -> B[i].na=0; B[i].bs=0 } \
 :: d_step { (B[i].alive && B[i].bs==2 && !DEAF(i) && B[i].bi==B[i].inc && TOK(i,B[i].bt)) -> \
    if :: LEFT(i)>B[i].ml -> B[i].ml=LEFT(i) :: else fi; B[i].mt=B[i].bt; B[i].na=0; B[i].bs=0; B[i].ba=0; B[i].bk=0; B[i].bt=0; B[i].bi=0; B[i].bm=0; I1ALL }
#define GOT(i) B[i].app
inline applied(i) {            /* tj = the view just applied */
   B[i].app=tj;
   if :: V[tj].inc[i]!=B[i].inc -> die(i)
      :: else -> 
         if :: B[i].jr!=0 -> B[i].jr=0 :: else fi;
         if :: i<NW -> ti=0; do :: ti<NS ->
               if :: (V[tj].own[ti]!=i || (B[i].ws[ti]!=0 && V[tj].ep[ti]!=B[i].we[ti])) -> B[i].ws[ti]=0; B[i].we[ti]=0
                  :: (V[tj].own[ti]==i && V[tj].st[ti]==2 && B[i].ws[ti]==2 && B[i].we[ti]==V[tj].ep[ti]) -> B[i].ws[ti]=3
                  :: else fi; ti++ :: else -> break od; ti=0
            :: else fi
   fi; tj=0 }
inline die(i) {               /* note: pd (a write on its way to the store, bytes in the kernel's buffer) and dm survive */
   B[i].alive=0; B[i].app=0; B[i].mt=0; B[i].ml=0; B[i].jr=0; B[i].btk=0; B[i].na=0;
   ti=0; do :: ti<NS -> B[i].ws[ti]=0; B[i].we[ti]=0; ti++ :: else -> break od; ti=0 }
#define APPLY(i) \
 :: d_step { (B[i].alive && B[i].app!=0 && B[i].app<pushed) -> tj=B[i].app+1; applied(i); I1ALL } \
 :: d_step { (B[i].alive && B[i].app+1<pushed && (B[i].app!=0 || V[pushed].inc[i]==B[i].inc)) -> tj=pushed; applied(i); I1ALL }
#define CRASH(i) :: d_step { (B[i].alive && crashes<CRASHES && !calm) -> crashes++; die(i) }
#ifdef BADCERT
#define DEADOK(i) (B[i].inc!=0)
#else
#define DEADOK(i) (!B[i].alive)
#endif
#ifdef CERT
#define CERTIFY(i) :: d_step { (DEADOK(i) && B[i].cert!=B[i].inc) -> B[i].cert=B[i].inc }
#else
#define CERTIFY(i)
#endif
#define RESTART(i) :: d_step { (!B[i].alive && B[i].inc<MAXINC) -> B[i].inc++; B[i].alive=1; B[i].app=0; B[i].jr=B[i].inc }

#ifdef NOFENCE
#define FOK(s,e) true
#else
#define FOK(s,e) (e>=sf[s])
#endif
#define SLOT(w,s) \
 :: d_step { (B[w].alive && B[w].app>0 && B[w].ws[s]==0 && V[B[w].app].own[s]==w && V[B[w].app].st[s]==1 && UPOK(w,s) && LEASED(w) && FOK(s,V[B[w].app].ep[s])) -> \
      B[w].ws[s]=1; B[w].we[s]=V[B[w].app].ep[s]; sf[s]=B[w].we[s] } \
 :: d_step { (B[w].alive && B[w].ws[s]==1 && LOADOK(w,s)) -> B[w].ws[s]=2; if :: sacc[s]<B[w].we[s] -> sacc[s]=B[w].we[s] :: else fi; \
      if :: cf[s]>=B[w].we[s] -> prep[s]=B[w].we[s] :: else fi } \
 :: d_step { (B[w].alive && B[w].ws[s]==2 && prep[s]<B[w].we[s] && cf[s]>=B[w].we[s]) -> prep[s]=B[w].we[s] } \
 DISP(w,s)
/* EARLYFENCE: fences on applying the offer, loads after UP_OK. EARLYLOAD: does both on applying the offer, PREPARED after UP_OK */
#if defined(EARLYLOAD) || defined(EARLYFENCE)
#define UPOK(w,s) true
#else
#define UPOK(w,s) (cf[s]==V[B[w].app].ep[s])
#endif
#ifdef EARLYFENCE
#define LOADOK(w,s) (cf[s]>=B[w].we[s])
#else
#define LOADOK(w,s) true
#endif
/* STORE: lease check, then a pause of any length, then the write. DATA: lease check and send; the pause is in the channel */
#ifdef STORE
#define DISP1(w,s) :: d_step { (B[w].alive && B[w].ws[s]==3 && LEASED(w) && B[w].pd==0) -> B[w].pd=B[w].we[s]; B[w].pds=s }
#else
#define DISP1(w,s)
#endif
#ifdef DATA
#define DISP2(w,s) :: d_step { (B[w].alive && B[w].ws[s]==3 && LEASED(w) && B[w].dm!=B[w].we[s]) -> B[w].dm=B[w].we[s]; B[w].ds=s; B[w].di=B[w].inc }
#else
#define DISP2(w,s)
#endif
#define DISP(w,s) DISP1(w,s) DISP2(w,s)

proctype Worker(byte w) {
end: do
 BEAT(w,0) BEAT(w,1) ANSWER(w) APPLY(w) CRASH(w) CERTIFY(w) RESTART(w)
 SLOT(w,0)
#if NS==2
 SLOT(w,1)
#endif
#ifdef STORE
 :: d_step { (B[w].pd!=0) -> if :: FOK(B[w].pds,B[w].pd) -> assert(B[w].pd>=sacc[B[w].pds]); sacc[B[w].pds]=B[w].pd :: else fi; B[w].pd=0; B[w].pds=0 }
#endif
 od }

#ifdef NOINC
#define INCCHK(w) (V[B[G].app].inc[w]!=0)
#else
#define INCCHK(w) (V[B[G].app].inc[w]==B[w].di)
#endif
#ifdef EPC
#define EPCHK(w) (V[B[G].app].ep[B[w].ds]==B[w].dm)
#else
#define EPCHK(w) true
#endif
#ifdef SPLIT
byte gd=0, gs=0;
#define DELIVER(w) :: d_step { (gd==0 && B[G].alive && B[w].dm!=0 && LEASED(G) && INCCHK(w) && EPCHK(w)) -> gd=B[w].dm; gs=B[w].ds; B[w].dm=0; B[w].ds=0; B[w].di=0 }
#else
#define DELIVER(w) :: d_step { (B[G].alive && B[w].dm!=0 && LEASED(G) && INCCHK(w) && EPCHK(w)) -> assert(B[w].dm>=gup[B[w].ds]); B[w].dm=0; B[w].ds=0; B[w].di=0 }
#endif
proctype Gate() {
end: do
 BEAT(G,0) BEAT(G,1) ANSWER(G) APPLY(G)
#ifdef DATA
 DELIVER(0) DELIVER(1)
#if NW==3
 DELIVER(2)
#endif
#endif
#ifdef SPLIT
 :: d_step { gd!=0 -> assert(gd>=gup[gs]); gd=0; gs=0 }
#endif
 od }

inline tick() {
   ti=0; do :: ti<NM ->
      if :: B[ti].ml>0 -> B[ti].ml-- :: else fi;
      if :: (B[ti].bs!=0 && B[ti].ba<L) -> B[ti].ba++ :: else fi;
      B[ti].btk=0; ti++ :: else -> break od;
   ti=0; do :: ti<2 -> if :: M[ti].ll>0 -> M[ti].ll-- :: else fi;
      if :: (M[ti].rs!=0 || M[ti].ph==5 || M[ti].ph==6) && M[ti].ra<RAMAX -> M[ti].ra++ :: else fi;
      tj=0; do :: tj<NM -> if :: M[ti].mm[tj]>0 -> M[ti].mm[tj]-- :: else fi; tj++ :: else -> break od; ti++ :: else -> break od; ti=0; tj=0 }

#if defined(RECVCOUNT) || defined(LIVE)
#define NOLATE false
#else
#define NOLATE (B[ti].bs==2)
#endif
#ifdef RENEWRECV
#define NOLATER (M[ti].rs==1)
#else
#define NOLATER true
#endif
/* an answer that is too old is worth nothing: forget it, to keep the state space small */
inline forget() { ti=0; do :: ti<NM -> if :: (B[ti].bs!=0 && B[ti].ba>=L && NOLATE) -> B[ti].bs=0; B[ti].ba=0; B[ti].bk=0; B[ti].bi=0; B[ti].bt=0; B[ti].bm=0 :: else fi; ti++ :: else -> break od;
   ti=0; do :: ti<2 -> if :: (M[ti].rs!=0 && M[ti].ra>=LL && NOLATER) -> M[ti].rs=0; M[ti].ra=0 :: else fi;
      if :: SPENT(ti) -> forgets(ti) :: else fi; ti++ :: else -> break od; ti=0 }

#if NW==2
#define ALIVEW (B[0].alive+B[1].alive)
#else
#define ALIVEW (B[0].alive+B[1].alive+B[2].alive)
#endif
#define RUNS(s) (V[dv].st[s]==2 && B[V[dv].own[s]].alive && B[V[dv].own[s]].ws[s]==3 && B[V[dv].own[s]].inc==V[dv].inc[V[dv].own[s]] && B[V[dv].own[s]].ml>0)
#if NS==2
#define ALLRUN (RUNS(0)&&RUNS(1))
#else
#define ALLRUN RUNS(0)
#endif
#ifndef K
#define K 12
#endif
proctype Clock() {
end: do
#ifdef LIVE
#ifndef LIVE2
 :: d_step { !calm -> tick(); forget() }
#endif
 :: d_step { !calm -> calm=1 }
 :: d_step { (calm && timeout) -> 
      assert(since<=K || ALLRUN || dv+2>=MAXV || ALIVEW<NS || (lead==NONE && zterm>=TERMS));
      if :: since<=K -> since++ :: else fi; tick(); forget() }
#else
 :: d_step { tick(); forget() }
#endif
 :: d_step { (lead!=NONE && zterm<TERMS && !calm) -> lead=NONE }   /* session expiry, at any time; the leader lease may still run */
 :: d_step { (lead!=NONE && M[lead].ph==0) -> lead=NONE }      /* its process is gone */
#ifdef MCRASH
 :: d_step { (lead!=NONE && !calm && zterm<TERMS && M[lead].ph!=0) -> ti=lead; forgets(ti); ti=0; lead=NONE }
#endif
 od }

init { d_step {
   ti=0; do :: ti<NM -> V[1].inc[ti]=1; B[ti].inc=1; B[ti].alive=1; B[ti].app=1; B[ti].mt=1; B[ti].ml=L; M[0].mm[ti]=LM; M[0].mk[ti]=1; ti++ :: else -> break od;
   ti=0; do :: ti<NS -> V[1].own[ti]=ti; V[1].ep[ti]=1; V[1].st[ti]=2; B[ti].ws[ti]=3; B[ti].we[ti]=1; sf[ti]=1; sacc[ti]=1; cf[ti]=1; prep[ti]=1; gup[ti]=1; ti++ :: else -> break od;
   M[0].tm=1; M[0].ph=3; M[0].mv=1; M[0].vv=1; M[0].fl=1; M[0].ll=LL; ti=0;
#ifdef INITCAS   /* a paused first master's grant of view 2 is in flight; the second has taken over at view 1 */
   B[0].ml=0; B[1].ml=0; B[2].ml=0; M[0].pw=1; M[0].pk=1; M[0].ps=0; M[0].pn=1; M[0].ll=0; M[0].mm[0]=0; M[0].mm[1]=0; M[0].mm[2]=0;
   lead=1; zterm=2; M[1].tm=2; M[1].ph=3; M[1].mv=1; M[1].vv=dvv; M[1].fl=1; M[1].ll=LL; M[1].mm[0]=LM; M[1].mm[1]=LM; M[1].mm[2]=LM;
#ifndef CASONLY
   dterm=2;
#if !defined(TERMONLY) && !defined(TAKECHECK)
   dvv=2; M[1].vv=2;
#endif
#endif
#endif
#ifdef INIT2  /* the second master has just taken over at view 1, while the first holds its leader lease */
#ifdef RESIGNEARLY
   M[1].rd=1;
#endif
   lead=1; zterm=2; M[1].tm=2; M[1].ph=3; M[1].mv=1; M[1].fl=1; M[1].ll=LL; M[1].mm[0]=WAIT(1); M[1].mm[1]=WAIT(1); M[1].mm[2]=WAIT(1);
#if !defined(CASONLY) && !defined(BLIND)
   dterm=2;
#if !defined(TERMONLY) && !defined(TAKECHECK)
   dvv=2;
#endif
#endif
   M[1].vv=dvv; M[1].rd=0;
#endif
#ifdef INITR  /* the first master has just stopped answering, to resign (RESIGN) */
   M[0].ph=7; M[0].ll=0;
#endif
#ifdef INITL  /* worker 0 has been silent for a lease; with INIT2: since the take-over, and the first master with it */
   B[0].ml=0; M[0].mm[0]=0;
#ifdef INIT2
   M[0].ll=0; M[0].mm[1]=0; M[0].mm[2]=0; M[1].mm[0]=0; M[1].mm[1]=LM; M[1].mm[2]=LM; M[1].mk[1]=1; M[1].mk[2]=1; B[1].mt=2; B[2].mt=2;
#ifdef RENEWRECV
   M[0].rs=2; M[0].ra=LL;     /* its last renewal succeeded; the answer is still on its way */
#endif
#endif
#endif
   }
   atomic { run Master(0); run Master(1); run Worker(0); run Worker(1);
#if NW==3
   run Worker(2);
#endif
   run Gate(); run Clock() } }
