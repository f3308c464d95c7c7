//! PostgreSQL through its own `psql`, which tells how long each statement took. `BENCH_POSTGRES_URL` names the database; without it the
//! local one is tried, as oneself and, for an administrator, as its owner.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::inventory::Inventory;

/// The last line of an answer.
const END: &str = "-- end";

/// A session with a table of numbers.
pub struct Postgres {
    session: Child,
    questions: BufWriter<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ended = self.session.kill().and_then(|()| self.session.wait());
    }
}

impl Postgres {
    /// A table of all numbers with an index of trigrams; why not, where there is no such server.
    pub fn build(rows: &Inventory) -> Result<Self, String> {
        let mut postgres = Self::open().ok_or("no PostgreSQL answers here; name one with BENCH_POSTGRES_URL")?;
        // One core, as the index has.
        postgres.ask("SET max_parallel_workers_per_gather = 0; SET maintenance_work_mem = '512MB';");
        postgres.ask("CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE TEMP TABLE numbers (n TEXT);");
        let written = writeln!(postgres.questions, "COPY numbers FROM STDIN;")
            .and_then(|()| rows.nationals().try_for_each(|national| writeln!(postgres.questions, "{national}")))
            .and_then(|()| writeln!(postgres.questions, "\\."));
        written.map_err(|error| error.to_string())?;
        postgres.ask("CREATE INDEX numbers_trigram ON numbers USING gin (n gin_trgm_ops); VACUUM ANALYZE numbers;");
        let (indexes, _) = postgres.ask("SELECT COUNT(*) FROM pg_indexes WHERE indexname = 'numbers_trigram';");
        if indexes == Some(1) { Ok(postgres) } else { Err(String::from("pg_trgm cannot be used in this database")) }
    }

    fn open() -> Option<Self> {
        let url = std::env::var("BENCH_POSTGRES_URL").ok();
        let mut ways = vec![vec!["psql"]];
        if url.is_none() {
            ways.push(vec!["runuser", "-u", "postgres", "--", "psql"]);
        }
        ways.into_iter().find_map(|way| {
            let mut command = Command::new(way[0]);
            command.args(&way[1..]).args(["-X", "-q", "-A", "-t", "-d", url.as_deref().unwrap_or("postgres")]);
            // The owner of the server may not look into this folder.
            command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            let mut session = command.spawn().ok()?;
            let (questions, answers) = (BufWriter::new(session.stdin.take()?), BufReader::new(session.stdout.take()?));
            let mut postgres = Self { session, questions, answers };
            postgres.ask("\\timing on");
            (postgres.ask("SELECT 7;").0 == Some(7)).then_some(postgres)
        })
    }

    /// The first number of the answer, and how long all statements took.
    fn ask(&mut self, sql: &str) -> (Option<u64>, Duration) {
        let asked = writeln!(self.questions, "{sql}\n\\echo '{END}'").and_then(|()| self.questions.flush());
        let (mut first, mut took) = (None, Duration::ZERO);
        if asked.is_err() {
            return (first, took);
        }
        let mut line = String::new();
        while self.answers.read_line(&mut line).is_ok_and(|read| read > 0) && line.trim() != END {
            let text = line.trim();
            match text.strip_prefix("Time: ").and_then(|time| time.split(' ').next()).and_then(|time| time.parse::<f64>().ok()) {
                Some(milliseconds) => took += Duration::from_secs_f64(milliseconds / 1_000.0),
                None => first = first.or_else(|| text.parse().ok()),
            }
            line.clear();
        }
        (first, took)
    }

    /// The exact total, and how long that and the first twenty rows took.
    pub fn total_and_first_rows(&mut self, like: &str) -> (u64, Duration) {
        let (total, took) =
            self.ask(&format!("SELECT COUNT(*) FROM numbers WHERE n LIKE '{like}'; SELECT n FROM numbers WHERE n LIKE '{like}' LIMIT 20;"));
        (total.expect("a total"), took)
    }
}
