//! `percuta resume`: going on with a run in three dimensions.

use std::path::Path;

use crate::arguments::Resume;
use crate::course_text;
use crate::failure::Failure;
use crate::run::{self, Task, VERSION};
use crate::unfinished::Unfinished;

pub fn resume(arguments: &Resume) -> Result<(), Failure> {
    let folder: &Path = &arguments.folder;
    let (unfinished, asked, text) = Unfinished::open(folder)?;
    if asked.version != VERSION {
        return Err(Failure::input(format!(
            "the run in `{}` was made by Percuta {}, this is {VERSION}; its bytes would differ\n  help: run the course again",
            folder.display(),
            asked.version
        )));
    }
    let loaded = course_text::load_text(&text, &asked.course_path, &asked.course_folder, &asked.settings)?;
    run::complete(Task { loaded, text, asked, folder: folder.to_owned(), unfinished: Some(unfinished), place: None }, &arguments.how)
}
