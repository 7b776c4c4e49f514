//! The database that practices share: its connections, and how it is made ready.

use std::{
    future::poll_fn,
    path::Path,
    sync::{Arc, LazyLock},
    task::{Context, Poll},
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};
use futures_executor::block_on;
use practice::{Code, ids::PracticeId};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::{AbortHandle, unconstrained},
};
use tokio_postgres::{
    AsyncMessage, Client, Config, Connection, NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::news::News;
use crate::store::StoreError;

mod steps {
    refinery::embed_migrations!("../../migrations/hosted/postgres");
}

/// Connections of one host at most. A job holds one for as long as it takes.
const CONNECTIONS: usize = 24;

/// Whose tasks the connections are: not the caller's, who may be of no runtime, or of one that may not block.
static RUNTIME: LazyLock<std::io::Result<tokio::runtime::Runtime>> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name("database").enable_all().build()
});

/// What this process is called among the database's sessions.
static NAME: LazyLock<String> = LazyLock::new(|| format!("shadowchart-hosted {}", crate::random::uuid()));

/// How the database is reached.
#[derive(Clone)]
pub(super) struct Way {
    config: Config,
    /// None on this machine.
    tls: Option<MakeRustlsConnect>,
}

/// What the server sends by itself, and the connection's work in general.
pub(super) trait Line: Send {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<AsyncMessage, tokio_postgres::Error>>>;
}

impl<S, T> Line for Connection<S, T>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    T: AsyncRead + AsyncWrite + Unpin + Send,
{
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<AsyncMessage, tokio_postgres::Error>>> {
        self.poll_message(context)
    }
}

impl Way {
    /// Reads `url`. Elsewhere than on this machine the database is reached over TLS, vouched for by `authority` (PEM).
    fn read(url: &str, authority: Option<&Path>) -> Result<Self, StoreError> {
        let mut config: Config = url.parse().map_err(|_| NOT_AN_ADDRESS)?;
        // Other users of this machine can read a command's arguments.
        if let (None, Some(password)) = (config.get_password(), std::env::var_os("PGPASSWORD")) {
            config.password(password.as_encoded_bytes());
        }
        config.application_name(&*NAME).connect_timeout(Duration::from_secs(5));
        // A network that swallows everything is noticed within seconds, and not when TCP gives up.
        config
            .tcp_user_timeout(Duration::from_secs(20))
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3);
        // Every statement has an index of its own. A table that has just been made looks small, and a plan that reads the whole
        // of it would be kept while a million rows come.
        let options = config.get_options().unwrap_or_default();
        config.options(format!("{options} -c enable_seqscan=off").trim_start());
        let here = |host: &Host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
        };
        let tls = match authority {
            Some(file) => Some(MakeRustlsConnect::new(trusting(file)?)),
            None if config.get_hosts().iter().all(here) => None,
            None => return Err(NO_AUTHORITY),
        };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Self { config, tls })
    }

    pub async fn open(&self) -> Result<(Client, Box<dyn Line>), tokio_postgres::Error> {
        Ok(match &self.tls {
            Some(tls) => {
                let (client, line) = self.config.connect(tls.clone()).await?;
                (client, Box::new(line))
            }
            None => {
                let (client, line) = self.config.connect(NoTls).await?;
                (client, Box::new(line))
            }
        })
    }

    fn manager(&self) -> Manager {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        match &self.tls {
            Some(tls) => Manager::from_config(self.config.clone(), tls.clone(), recycling),
            None => Manager::from_config(self.config.clone(), NoTls, recycling),
        }
    }
}

fn trusting(authority: &Path) -> Result<ClientConfig, StoreError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(authority).map_err(|_| NO_AUTHORITY)? {
        roots.add(certificate.map_err(|_| NO_AUTHORITY)?).map_err(|_| NO_AUTHORITY)?;
    }
    Ok(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}

const NOT_AN_ADDRESS: StoreError = StoreError::refused(
    Code::Invalid,
    "That is not an address of a PostgreSQL database. One looks like postgres://role@/name?host=/run/postgresql.",
);
const NO_AUTHORITY: StoreError = StoreError::refused(
    Code::Invalid,
    "A database on another machine is reached over TLS alone: name the certificate authority that vouches for it, a PEM file.",
);
const NOT_READY: StoreError = StoreError::refused(
    Code::Invalid,
    "The database is not ready for this version of the host. `shadowchart-hosted database` makes it so.",
);
const TOO_MIGHTY: StoreError = StoreError::refused(
    Code::Forbidden,
    "This role of the database could see every practice's rows at once: it is, or can become, a superuser, a role that bypasses row-level security, makes roles or reaches the server's files, or the tables' owner. Give the host a role that may do none of that.",
);

/// A PostgreSQL database that holds practices.
pub(crate) struct Cluster {
    pool: Pool,
    news: Arc<News>,
    listening: AbortHandle,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn tasks() -> Result<&'static tokio::runtime::Runtime, StoreError> {
    RUNTIME.as_ref().map_err(|error| StoreError::Io(error.kind().into()))
}

/// Waits for `job`, whose connections' tasks run elsewhere. Blocks: not for an async thread.
fn wait<T>(job: impl Future<Output = T>) -> Result<T, StoreError> {
    let _tasks = tasks()?.enter();
    // A task's budget would be used up by many waits within it, and never be filled again.
    Ok(block_on(unconstrained(job)))
}

impl Cluster {
    /// Reaches the database at `url` with a role that can't see more than one practice at a time.
    ///
    /// # Errors
    /// In words, when it can't be reached, is not ready, or the role could see too much.
    pub fn connect(url: &str, authority: Option<&Path>) -> Result<Arc<Self>, StoreError> {
        let way = Way::read(url, authority)?;
        let patience = Some(Duration::from_secs(20));
        let pool = Pool::builder(way.manager())
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait: patience, create: patience, recycle: patience })
            .build()
            .map_err(|_| NOT_AN_ADDRESS)?;
        let news = Arc::new(News::default());
        let listening = tasks()?.spawn(News::listen(news.clone(), way)).abort_handle();
        let cluster = Self { pool, news, listening };
        cluster.check()?;
        Ok(Arc::new(cluster))
    }

    /// Brings the database to the present schema as its owner, and lets `role` use it.
    ///
    /// # Errors
    /// In words, when it can't be reached, or this role may not do that.
    pub fn prepare(url: &str, authority: Option<&Path>, role: &str) -> Result<(), StoreError> {
        let way = Way::read(url, authority)?;
        let role = role.replace('"', "\"\"");
        wait(async move {
            let (mut client, mut line) = way.open().await?;
            let line =
                tokio::spawn(async move { while let Some(Ok(_)) = poll_fn(|context| line.poll(context)).await {} });
            // Two that do this at once wait for one another.
            client.batch_execute("select pg_advisory_lock(7246123)").await?;
            if steps::migrations::runner().run_async(&mut client).await.is_err() {
                return Ok(Err(StoreError::Damaged("a step of the database's schema")));
            }
            client
                .batch_execute(&format!(
                    "grant usage on schema public to \"{role}\";
                     grant select, insert, update, delete on all tables in schema public to \"{role}\";
                     revoke insert, update, delete on refinery_schema_history from \"{role}\";"
                ))
                .await?;
            drop(client);
            let _ = line.await;
            Ok(Ok(()))
        })?
        .map_err(|error: tokio_postgres::Error| StoreError::from(error))?
    }

    fn check(&self) -> Result<(), StoreError> {
        let present = steps::migrations::runner().get_migrations().iter().map(refinery::Migration::version).max();
        // What it may become counts as what it is; whoever makes roles may become any.
        let look = "select (select max(version) from refinery_schema_history) as version,
            exists (select 1 from pg_roles role where pg_has_role(session_user, role.oid, 'member')
                and (rolsuper or rolbypassrls or rolcreaterole
                    or rolname in ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
                    or exists (select 1 from pg_class where relrowsecurity and relowner = role.oid)
                    or exists (select 1 from pg_proc where proname = 'the_practice' and proowner = role.oid))) as mighty";
        let client = self.client()?;
        let row = self.wait(async move { client.query_one(look, &[]).await });
        let row = row.map_err(|error| match error {
            StoreError::Postgres(Some(state)) if state == "42P01" || state == "42501" => NOT_READY,
            error => error,
        })?;
        if row.try_get::<_, bool>("mighty")? {
            return Err(TOO_MIGHTY);
        }
        let there: Option<i32> = row.try_get("version")?;
        if there == present { Ok(()) } else { Err(NOT_READY) }
    }

    /// Every practice there is, in a stable order.
    pub fn practices(&self) -> Result<Vec<PracticeId>, StoreError> {
        let client = self.client()?;
        let rows = self.wait(async move { client.query("select id from practice order by id", &[]).await })?;
        rows.iter()
            .map(|row| PracticeId::parse(row.try_get("id")?).ok_or(StoreError::Damaged("a practice's id")))
            .collect()
    }

    /// Whether there is a practice `id`.
    pub fn has(&self, id: &PracticeId) -> Result<bool, StoreError> {
        let (client, id) = (self.client()?, id.to_string());
        let found = self.wait(async move { client.query_opt("select 1 from practice where id = $1", &[&id]).await })?;
        Ok(found.is_some())
    }

    /// Whether no other process of a host is connected.
    pub fn is_alone(&self) -> Result<bool, StoreError> {
        let client = self.client()?;
        let others = "select 1 from pg_stat_activity where datname = current_database()
            and application_name like 'shadowchart-hosted %' and application_name <> $1 limit 1";
        let me = &*NAME;
        Ok(self.wait(async move { client.query_opt(others, &[me]).await })?.is_none())
    }

    /// From here on there is a practice `id`.
    pub fn add(&self, id: &PracticeId) -> Result<(), StoreError> {
        let (client, id) = (self.client()?, id.to_string());
        self.wait(async move { client.execute("insert into practice (id) values ($1)", &[&id]).await })?;
        Ok(())
    }

    /// There is no practice `id` any more; whether there was one.
    pub fn remove(&self, id: &PracticeId) -> Result<bool, StoreError> {
        let (client, id) = (self.client()?, id.to_string());
        let gone = self.wait(async move { client.execute("delete from practice where id = $1", &[&id]).await })?;
        Ok(gone > 0)
    }

    pub(super) fn news(&self) -> &News {
        &self.news
    }

    /// A connection that nobody else has.
    pub(super) fn client(&self) -> Result<Object, StoreError> {
        let pool = self.pool.clone();
        wait(async move { pool.get().await })?.map_err(|_| StoreError::Unavailable)
    }

    /// Waits for `job`, which uses a connection of these. Blocks: not for an async thread.
    pub(super) fn wait<T>(&self, job: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, StoreError> {
        Ok(wait(job)??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_may_wait_as_often_as_it_likes() {
        let one = tokio::sync::Semaphore::new(1);
        for _ in 0..1_000 {
            drop(wait(one.acquire()).unwrap());
        }
    }
}
