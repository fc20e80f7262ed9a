//! Runs the tests, shows their output as it comes, and counts them.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::command::cargo;

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
}

impl Count {
    /// Both counts together.
    pub fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }

    /// The counts on a line of a runner's summary, if it is one:
    /// `test result: ok. 3 passed; 0 failed; ...` or `Summary [ 0.1s] 3 tests run: 2 passed, 1 failed, 0 skipped`.
    fn on_line(line: &str) -> Option<Self> {
        let line = line.trim();
        let counts = match line.strip_prefix("test result:") {
            Some(rest) => rest,
            None => line.strip_prefix("Summary")?.split_once("run:")?.1,
        };
        let words: Vec<&str> = counts.split([' ', ',', ';', '.']).filter(|w| !w.is_empty()).collect();
        let before = |what| words.windows(2).find(|w| w[1] == what).and_then(|w| w[0].parse().ok()).unwrap_or(0);
        Some(Self { passed: before("passed"), failed: before("failed") })
    }
}

/// Unit and integration tests, with `cargo nextest` where it is installed.
pub fn unit_and_integration(root: &Path) -> (Count, Result<(), String>) {
    let nextest = cargo(root).args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let mut command = cargo(root);
    if nextest.is_ok_and(|s| s.success()) {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests", "pass"]);
    } else {
        command.args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    counted("tests", &mut command)
}

/// The examples in the documentation, which nextest does not run.
pub fn documentation(root: &Path) -> (Count, Result<(), String>) {
    counted("documentation tests", cargo(root).args(["test", "--workspace", "--doc", "--no-fail-fast"]))
}

/// Runs a test command and counts what its summary lines report.
pub fn counted(what: &str, command: &mut Command) -> (Count, Result<(), String>) {
    let mut child = match command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(e) => return (Count::default(), Err(format!("{what}: could not start: {e}"))),
    };
    let errors = child.stderr.take().map(|stream| thread::spawn(move || tee(stream, |line| eprintln!("{line}"))));
    let output = child.stdout.take().map(|stream| tee(stream, |line| println!("{line}"))).unwrap_or_default();
    let errors = errors.and_then(|reader| reader.join().ok()).unwrap_or_default();
    let result = match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(e) => Err(format!("{what}: {e}")),
    };
    (output.plus(errors), result)
}

/// Passes every line on and adds up the summary lines.
fn tee(stream: impl Read, show: impl Fn(&str)) -> Count {
    let mut reader = BufReader::new(stream);
    let mut count = Count::default();
    let mut line = Vec::new();
    // Bytes, because a test may print what is not UTF-8, and the pipe must be read to its end.
    while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        show(text);
        count = count.plus(Count::on_line(text).unwrap_or_default());
        line.clear();
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_counted() {
        let of = Count::on_line;
        assert_eq!(
            of("test result: FAILED. 15 passed; 1 failed; 0 ignored; 0 measured; 11 filtered out; finished in 0.08s"),
            Some(Count { passed: 15, failed: 1 })
        );
        assert_eq!(of("     Summary [   0.412s] 27 tests run: 27 passed, 0 skipped"), Some(Count { passed: 27, failed: 0 }));
        assert_eq!(
            of("     Summary [   1.200s] 9/12 tests run: 7 passed (1 slow), 2 failed, 3 skipped"),
            Some(Count { passed: 7, failed: 2 })
        );
        assert_eq!(of("test skin::site::tests::x ... ok"), None);
        assert_eq!(of("running 12 tests"), None);
    }
}
