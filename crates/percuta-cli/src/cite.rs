//! `percuta cite`: the papers that a run rests on.

use std::fs;

use crate::arguments::Cite;
use crate::failure::Failure;
use crate::terminal;

pub fn cite(arguments: &Cite) -> Result<(), Failure> {
    let (folder, file) = (arguments.run.display(), arguments.run.join("sources.bib"));
    if !arguments.run.join("manifest.json").is_file() {
        return Err(Failure::input(format!(
            "`{folder}` is not the folder of a run\n  expected: a folder that `percuta run` or `percuta absorb` wrote\n  for example: percuta cite percuta-runs/photoageing-face-1"
        )));
    }
    let text = fs::read_to_string(&file)
        .map_err(|e| Failure::input(format!("`{}` cannot be read: {e}\n  help: run it again with this version", file.display())))?;
    terminal::print(text.trim_end());
    Ok(())
}
