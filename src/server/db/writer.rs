//! The one writer: takes closures from a queue and commits up to 64 of them at once (R29).
//!
//! One `fsync` a commit is what a durable write costs; grouping shares it. Each closure has a SAVEPOINT of its own, so a
//! refusal undoes that closure and nothing else, and everybody is answered after the commit.

use std::time::{Duration, Instant};

use futures::future::LocalBoxFuture;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions};
use tokio::sync::{mpsc, oneshot};

use super::super::error::StoreError;

/// Closures in one commit at the most.
const GROUP: usize = 64;
/// Closures that may wait for the writer.
const QUEUE: usize = 1_024;
/// How long a write waits for its turn before it is told that the server is busy (R60).
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs the closure and says whether its effects stay.
type Work = Box<dyn for<'c> FnOnce(&'c mut AnyConnection) -> LocalBoxFuture<'c, Verdict> + Send>;
/// Called after the commit with whether it held.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

struct Verdict {
    keep: bool,
    answer: Answer,
}

struct Job {
    work: Work,
    /// Tells the caller that its turn never came.
    expired: Box<dyn FnOnce() + Send>,
    queued_at: Instant,
}

/// A handle on the writer task.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the writer on a thread of its own: its closures then need not be `Send` while they run.
    ///
    /// # Errors
    /// When its connection cannot be opened.
    pub async fn start(options: AnyConnectOptions) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (opened, result) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(sqlx::Error::Io)?;
        std::thread::Builder::new()
            .name(String::from("dialyard-writer"))
            .spawn(move || {
                stay_on_one_cpu();
                runtime.block_on(open_and_serve(&options, opened, jobs));
            })
            .map_err(sqlx::Error::Io)?;
        result.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))?;
        Ok(Self { queue })
    }

    /// See [`super::Db::write`].
    pub async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFn(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel::<Result<T, E>>();
        let job = job(work, answer);
        match self.queue.send_timeout(job, PATIENCE).await {
            Ok(()) => answered.await.unwrap_or_else(|_| Err(StoreError::Busy.into())),
            Err(_) => Err(StoreError::Busy.into()),
        }
    }
}

fn job<T, E, F>(work: F, answer: oneshot::Sender<Result<T, E>>) -> Job
where
    F: AsyncFn(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let shared = std::sync::Arc::new(std::sync::Mutex::new(Some(answer)));
    let for_expiry = shared.clone();
    let take = |slot: &std::sync::Mutex<Option<oneshot::Sender<Result<T, E>>>>| {
        slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    };
    Job {
        work: Box::new(move |connection| {
            Box::pin(async move {
                let result = work(connection).await;
                let keep = result.is_ok();
                let answer: Answer = Box::new(move |commit| {
                    let result = commit.map_err(E::from).and(result);
                    // A caller that went away does not need its answer; the write stands all the same.
                    if let Some(sender) = take(&shared) {
                        let _gone = sender.send(result);
                    }
                });
                Verdict { keep, answer }
            })
        }),
        expired: Box::new(move || {
            if let Some(sender) = take(&for_expiry) {
                let _gone = sender.send(Err(StoreError::Busy.into()));
            }
        }),
        queued_at: Instant::now(),
    }
}

async fn open_and_serve(options: &AnyConnectOptions, opened: oneshot::Sender<Result<(), sqlx::Error>>, jobs: mpsc::Receiver<Job>) {
    let connection = match connect(options).await {
        Ok(connection) => connection,
        Err(error) => {
            // Who opened the database may have gone away; then nobody waits for the fault.
            let _gone = opened.send(Err(error));
            return;
        }
    };
    if opened.send(Ok(())).is_ok() {
        serve(connection, jobs).await;
    }
}

async fn connect(options: &AnyConnectOptions) -> Result<AnyConnection, sqlx::Error> {
    let mut connection = options.connect().await?;
    super::prepare(&mut connection).await?;
    Ok(connection)
}

/// Keeps the writer, and the driver's thread that its connection starts and that inherits this, on the CPU where they are.
///
/// The two hand each statement over and back. Across two CPUs each hand-over wakes a sleeping one, which costs more than the statement:
/// a purchase took 5.1 ms so, and takes 2.1 ms on one (docs/performance.md).
fn stay_on_one_cpu() {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getcpu, sched_setaffinity};
        let mut here = CpuSet::new();
        here.set(sched_getcpu());
        if let Err(error) = sched_setaffinity(None, &here) {
            tracing::debug!(%error, "the writer may move between CPUs, which makes it slower");
        }
    }
}

async fn serve(mut connection: AnyConnection, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        let mut due = Vec::with_capacity(group.len());
        for job in group.drain(..) {
            if job.queued_at.elapsed() > PATIENCE { (job.expired)() } else { due.push(job) }
        }
        if !due.is_empty() {
            commit_group(&mut connection, due).await;
        }
    }
}

async fn commit_group(connection: &mut AnyConnection, group: Vec<Job>) {
    if let Err(error) = statement(connection, "BEGIN IMMEDIATE").await {
        tracing::error!(%error, "the writer cannot begin");
        for job in group {
            (job.expired)();
        }
        return;
    }
    let mut answers = Vec::with_capacity(group.len());
    let mut broken = None;
    for job in group {
        if broken.is_some() {
            (job.expired)();
            continue;
        }
        match one(connection, job.work).await {
            Ok(answer) => answers.push(answer),
            Err((answer, error)) => {
                answers.push(answer);
                broken = Some(error);
            }
        }
    }
    let end = if broken.is_some() { "ROLLBACK" } else { "COMMIT" };
    let ended = statement(connection, end).await;
    let fault = broken.or_else(|| ended.err());
    if let Some(error) = &fault {
        tracing::error!(%error, "a group of writes was rolled back");
        // The transaction may still be open after a failed COMMIT (a full disk); a second ROLLBACK then does no harm.
        let _already_closed = statement(connection, "ROLLBACK").await;
    }
    for answer in answers {
        answer(if fault.is_some() { Err(StoreError::Busy) } else { Ok(()) });
    }
}

/// One closure in its SAVEPOINT. The error side means that the whole group cannot go on.
async fn one(connection: &mut AnyConnection, work: Work) -> Result<Answer, (Answer, sqlx::Error)> {
    let nothing: Answer = Box::new(|_| ());
    if let Err(error) = statement(connection, "SAVEPOINT job").await {
        return Err((nothing, error));
    }
    let verdict = work(connection).await;
    if !verdict.keep
        && let Err(error) = statement(connection, "ROLLBACK TO job").await
    {
        return Err((verdict.answer, error));
    }
    match statement(connection, "RELEASE job").await {
        Ok(()) => Ok(verdict.answer),
        Err(error) => Err((verdict.answer, error)),
    }
}

async fn statement(connection: &mut AnyConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(|_| ())
}
