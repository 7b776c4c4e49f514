//! Connections: counted, in all and by address, and ended when their client takes nothing any more.
//!
//! One too many is let in as far as to hear why it is not served, and a few of those at once; beyond that it is closed
//! before a key is agreed on, which is what costs.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv6Addr},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{Extension, middleware::AddExtension};
use axum_server::accept::Accept;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};
use tower::Layer;

use crate::limits::Limits;

/// Connections at once that are only told that there are too many.
const TOLD: usize = 64;

/// How long such a one may take.
const TELLING: Duration = Duration::from_secs(10);

/// Whether what comes over a connection is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Served,
    /// The host has as many as it takes.
    TooMany,
    /// This address has as many as one may have.
    TooManyFromHere,
}

/// The connections of one host.
#[derive(Clone)]
pub struct Lines(Arc<Inner>);

struct Inner {
    limits: Limits,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    served: usize,
    told: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A connection's place; free again when it is dropped.
struct Place {
    lines: Arc<Inner>,
    address: IpAddr,
    standing: Standing,
}

impl Lines {
    /// None yet.
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner { limits, open: Mutex::default() }))
    }

    /// How many are open and served.
    pub fn open(&self) -> usize {
        self.0.open().served
    }

    /// A place for one more; none when there is not even one to say so.
    fn place(&self, address: IpAddr) -> Option<Place> {
        let address = neighbourhood(address);
        let Inner { limits, .. } = &*self.0;
        let mut open = self.0.open();
        let here = open.by_address.get(&address).copied().unwrap_or(0);
        let standing = if here >= limits.connections_per_address {
            Standing::TooManyFromHere
        } else if open.served >= limits.connections {
            Standing::TooMany
        } else {
            Standing::Served
        };
        if standing == Standing::Served {
            open.served += 1;
            *open.by_address.entry(address).or_default() += 1;
        } else if open.told < TOLD {
            open.told += 1;
        } else {
            return None;
        }
        Some(Place { lines: Arc::clone(&self.0), address, standing })
    }
}

/// Who has one IPv6 address has all of its network.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        four => four,
    }
}

impl Inner {
    fn open(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.lines.open();
        if self.standing != Standing::Served {
            open.told -= 1;
            return;
        }
        open.served -= 1;
        if let Some(count) = open.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

/// Takes connections, and says of each whether it is served.
#[derive(Clone)]
pub struct CountedAcceptor<A> {
    inner: A,
    lines: Lines,
}

impl<A> CountedAcceptor<A> {
    /// As `inner`, counted in `lines`.
    pub fn new(inner: A, lines: Lines) -> Self {
        Self { inner, lines }
    }
}

type Accepted<I, S> = Pin<Box<dyn Future<Output = io::Result<(Line<I>, AddExtension<S, Standing>)>> + Send>>;

impl<A, S> Accept<TcpStream, S> for CountedAcceptor<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
    A::Stream: Send,
    A::Service: Send,
{
    type Stream = Line<A::Stream>;
    type Service = AddExtension<A::Service, Standing>;
    type Future = Accepted<A::Stream, A::Service>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = stream.peer_addr().map(|address| self.lines.place(address.ip()));
        match place {
            Ok(Some(place)) => {
                let accepting = self.inner.accept(stream, service);
                Box::pin(async move {
                    let (stream, service) = accepting.await?;
                    let standing = place.standing;
                    Ok((Line::new(stream, place), Extension(standing).layer(service)))
                })
            }
            Ok(None) => Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) }),
            Err(error) => Box::pin(async { Err(error) }),
        }
    }
}

/// A connection that ends when its client takes nothing, or is only told that there are too many.
pub struct Line<I> {
    stream: I,
    stall: Duration,
    /// Runs while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    ends: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

impl<I> Line<I> {
    fn new(stream: I, place: Place) -> Self {
        let ends = (place.standing != Standing::Served).then(|| Box::pin(sleep(TELLING)));
        Self { stream, stall: place.lines.limits.stall, stalled: None, ends, _place: place }
    }

    /// What became of sending, unless nothing became of it for too long.
    fn moved<T>(&mut self, context: &mut Context<'_>, sent: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.stalled = None;
            return sent;
        }
        let stall = self.stall;
        ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(stall))).as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Line<I> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        if read.is_pending()
            && let Some(ends) = &mut self.ends
        {
            ready!(ends.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Line<I> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.moved(context, sent)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let sent = Pin::new(&mut self.stream).poll_flush(context);
        self.moved(context, sent)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let sent = Pin::new(&mut self.stream).poll_shutdown(context);
        self.moved(context, sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.moved(context, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(connections: usize, connections_per_address: usize) -> Lines {
        Lines::new(Limits { connections, connections_per_address, ..Limits::default() })
    }

    #[test]
    fn a_place_is_free_again_when_its_connection_ends() {
        let lines = lines(3, 2);
        let [a, b]: [IpAddr; 2] = ["192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap()];
        let mut held: Vec<Place> = [a, a, b].iter().map(|address| lines.place(*address).unwrap()).collect();
        assert!(held.iter().all(|place| place.standing == Standing::Served));
        assert_eq!(lines.place(a).unwrap().standing, Standing::TooManyFromHere);
        assert_eq!(lines.place(b).unwrap().standing, Standing::TooMany);
        held.remove(0);
        assert_eq!((lines.open(), lines.place(a).unwrap().standing), (2, Standing::Served));
        drop(held);
        assert_eq!(lines.open(), 0);
        assert!(lines.0.open().by_address.is_empty(), "an address that left takes no room");
    }

    #[test]
    fn a_few_are_told_and_the_rest_are_closed() {
        let lines = lines(0, 1);
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        let told: Vec<Place> = (0..TOLD).map(|_| lines.place(address).unwrap()).collect();
        assert!(lines.place(address).is_none());
        drop(told);
        assert!(lines.place(address).is_some());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let lines = lines(9, 1);
        let place = |text: &str| lines.place(text.parse().unwrap()).unwrap().standing;
        let _held = lines.place("2001:db8:0:1::1".parse().unwrap()).unwrap();
        assert_eq!(place("2001:db8:0:1:ffff::2"), Standing::TooManyFromHere);
        assert_eq!(place("2001:db8:0:2::1"), Standing::Served);
        let _held = lines.place("::ffff:192.0.2.1".parse().unwrap()).unwrap();
        assert_eq!(place("192.0.2.1"), Standing::TooManyFromHere, "the same address, written otherwise");
    }
}
