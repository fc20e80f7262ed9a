//! Reading what a user writes: TOML over the defaults of a template, `--set` over both. Shared by courses and permeation studies.

mod catalogue;
mod error;
mod keys;
mod motion;
mod name;
mod numbers;
mod overrides;
mod person;
mod schema;
mod source;

use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::de::DeTable;

pub(super) use catalogue::{device, no_such, permeant, site};
pub(crate) use error::Fault;
pub use error::{CourseError, Place};
pub(super) use keys::missing;
pub(super) use motion::{MotionKeys, density, motion};
pub(super) use name::name;
pub(super) use numbers::{block, members};
pub(super) use overrides::{Override, Overrides, parameters};
pub(super) use person::{PersonFile, person};
pub(crate) use schema::{defaults_exist, schema_of};
pub(crate) use source::{Sources, set};

/// A kind of file.
pub(crate) struct Kind {
    /// Its name with article, for messages.
    pub what: &'static str,
    /// Every key and its default.
    pub template: &'static str,
    /// Tables whose defaults hold only where the file has the table.
    pub optional: &'static [&'static str],
    /// A `--set` that would be right.
    pub setting: &'static str,
    /// Its JSON Schema.
    pub schema: Value,
}

impl Kind {
    /// The texts that make one file of this kind: the file, each `KEY=VALUE` of `settings`, the template.
    pub fn sources(&self, text: &str, file: &str, settings: &[String]) -> Result<Sources, Vec<CourseError>> {
        let mut sources = Sources::new(file, text);
        let mut unreadable = Vec::new();
        for argument in settings {
            let key = argument.split('=').next().unwrap_or_default().trim();
            match source::set_line(argument) {
                Ok(line) => sources.push(&format!("--set {key}"), &line),
                Err(reason) => {
                    let place = Place { name: "--set".into(), text: argument.clone(), span: 0..argument.len() };
                    unreadable.push(CourseError {
                        place,
                        message: reason,
                        expected: Some("a key, `=` and a value".into()),
                        example: Some(self.setting.into()),
                        help: None,
                    });
                }
            }
        }
        if !unreadable.is_empty() {
            return Err(unreadable);
        }
        sources.push("the defaults", self.template);
        Ok(sources)
    }

    /// Reads `sources`; `check` looks at the keys the user gives.
    pub fn read<T: DeserializeOwned>(&self, sources: &Sources, check: impl FnOnce(&DeTable<'_>, &mut Vec<Fault>)) -> Result<T, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        // Text 0 is the file, then come the settings, and the last is the template.
        let defaults = sources.count() - 1;
        let mut given = sources.parse(0).map_err(one)?;
        for i in 1..defaults {
            let over = sources.parse(i).map_err(one)?.into_inner();
            source::set(given.get_mut(), over, 0);
        }
        self.finish(sources, defaults, given.into_inner(), check)
    }

    /// Reads the table `given`, laid over the template, which is text `defaults` of `sources`; `check` looks at the keys it gives.
    pub fn finish<'s, T: DeserializeOwned>(
        &self,
        sources: &'s Sources,
        defaults: usize,
        given: DeTable<'s>,
        check: impl FnOnce(&DeTable<'_>, &mut Vec<Fault>),
    ) -> Result<T, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let mut faults = Vec::new();
        keys::unknown(&given, &self.schema, "", self.what, &mut faults);
        check(&given, &mut faults);
        if !faults.is_empty() {
            faults.sort_by_key(|f| f.span.start);
            return Err(faults);
        }
        let mut all = sources.parse(defaults).map_err(one)?;
        for table in self.optional.iter().filter(|t| given.get(**t).is_none()) {
            all.get_mut().remove(*table);
        }
        source::lay_over(all.get_mut(), given);
        T::deserialize(toml::Deserializer::from(all)).map_err(|e| one(Fault::from_toml(&e)))
    }
}

/// NaN and infinity as TOML spells them.
pub(super) fn plain_number(x: f64) -> String {
    x.to_string().to_lowercase()
}
