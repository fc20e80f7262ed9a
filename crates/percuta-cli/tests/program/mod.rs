//! Running the built program in a folder of its own.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part; a test may panic")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A small course in which every kind of key occurs.
pub const SHORT: &str = r#"[person]
age = 45
sex = "female"
tone = { fitzpatrick = "II" }

[treatment]
site = "zygoma"
device = "skinpen"
depth = "1.0 mm"
sessions = 3
interval = "28 d"
passes = 4

[follow_up]
visits = ["7 d", "90 d"]

[run]
members = 2
"#;

/// The short course with one text replaced.
pub fn course(from: &str, to: &str) -> String {
    assert!(SHORT.contains(from), "the short course has no {from}");
    SHORT.replacen(from, to, 1)
}

/// An empty folder that is removed at the end of the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("percuta-cli-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub fn write_bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Names in the folder or one of its folders, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.0.join(folder)).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_percuta"));
        command.args(arguments).current_dir(&self.0).env_remove("RUST_BACKTRACE").env("COLUMNS", "100");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Everything the user sees.
    pub fn percuta(&self, arguments: &[&str]) -> String {
        shown(arguments, &self.run(arguments))
    }

    pub fn stdout(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.run(arguments).stdout).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Command, both outputs and exit code as one text.
pub fn shown(arguments: &[&str], output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("percuta.exe", "percuta");
    let code = output.status.code().map_or("by a signal".into(), |c| c.to_string());
    let mut all = format!("$ percuta {}\n{}", arguments.join(" "), text(&output.stdout));
    if !output.stderr.is_empty() {
        all += &format!("--- standard error\n{}", text(&output.stderr));
    }
    format!("{all}exit {code}\n")
}
