//! Traces, for whoever builds with the feature `otel`: a span a request, with its endpoint as the table writes it and its
//! status, sent in batches to an OpenTelemetry collector. What is logged within a request does not go with it.
//!
//! The collector is spoken to without TLS: it is on this machine or beside it, and hands on what it is told to.

use std::{
    io::{Read, Write},
    net::{TcpStream, ToSocketAddrs},
    pin::Pin,
    time::Duration,
};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use practice::Code;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

use crate::store::StoreError;

/// What the spans of requests are called under; nothing else is traced.
pub(crate) const REQUESTS: &str = "hosted::requests";

/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Largest answer read of a collector.
const MOST: u64 = 64 * 1024;

/// Sends what is traced, until it is dropped: then the rest of it.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Traces to the collector at `url`, such as `http://127.0.0.1:4318`.
    ///
    /// # Errors
    /// In words, when that is no such address.
    pub fn to(url: &str) -> Result<Self, StoreError> {
        let bad = || StoreError::refused(Code::Invalid, "A collector's address looks like http://127.0.0.1:4318.");
        let place = url.strip_prefix("http://").ok_or_else(bad)?.trim_end_matches('/');
        if place.is_empty() || place.contains('/') {
            return Err(bad());
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Plain)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("http://{place}/v1/traces"))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|_| bad())?;
        // Nothing about the machine: what a resource is found out to be would go with each batch.
        let resource = Resource::builder_empty().with_service_name("shadowchart-hosted").build();
        Ok(Self(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build()))
    }

    /// What turns spans of requests into traces.
    pub(crate) fn layer<S: tracing::Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("shadowchart-hosted"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_target(REQUESTS, tracing::Level::INFO))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if self.0.shutdown_with_timeout(PATIENCE).is_err() {
            tracing::warn!("the last traces could not be sent");
        }
    }
}

/// A client that sends one request a connection. It is called on the exporter's own thread, which may block.
#[derive(Debug)]
struct Plain;

type Answer<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'a>>;

impl HttpClient for Plain {
    fn send_bytes<'a, 'b>(&'a self, request: Request<Bytes>) -> Answer<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move { send(&request).map_err(HttpError::from) })
    }
}

fn send(request: &Request<Bytes>) -> std::io::Result<Response<Bytes>> {
    let bad = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    let place = request.uri().authority().ok_or_else(bad)?;
    let to = (place.host(), place.port_u16().unwrap_or(80)).to_socket_addrs()?.next().ok_or_else(bad)?;
    let mut line = TcpStream::connect_timeout(&to, PATIENCE)?;
    line.set_read_timeout(Some(PATIENCE))?;
    line.set_write_timeout(Some(PATIENCE))?;
    let mut head = format!("POST {} HTTP/1.1\r\nhost: {place}\r\nconnection: close\r\n", request.uri().path());
    for (name, value) in request.headers() {
        head += &format!("{name}: {}\r\n", value.to_str().map_err(|_| bad())?);
    }
    head += &format!("content-length: {}\r\n\r\n", request.body().len());
    line.write_all(head.as_bytes())?;
    line.write_all(request.body())?;
    let mut said = Vec::new();
    line.take(MOST).read_to_end(&mut said)?;
    let status = said.get(9..12).and_then(|text| std::str::from_utf8(text).ok()?.parse::<u16>().ok());
    let mut answer = Response::new(Bytes::new());
    // Nothing in the answer's body is of use: what a collector refused is gone.
    *answer.status_mut() = status.and_then(|status| status.try_into().ok()).ok_or_else(bad)?;
    Ok(answer)
}
