//! Catalogue entries that a file names, and files of the user's own in their place.

use std::fs;
use std::path::Path;

use toml::Spanned;

use super::error::Fault;
use crate::absorption::Permeant;
use crate::device::Device;
use crate::population::nearest;
use crate::skin::{Person, Site, site_for, site_keys};
use crate::units::Length;

/// Names that a message can hold.
const LISTED: usize = 40;

/// A catalogue entry that does not exist: the nearest one and the list.
pub(in crate::course) fn no_such(what: &str, key: &Spanned<String>, keys: &[&'static str], own_file: bool) -> Fault {
    let name = key.get_ref();
    let list = keys.join(", ");
    let list = if keys.len() > LISTED {
        format!("`percuta explain {what}.` lists all {}", keys.len())
    } else if own_file {
        format!("there are {list}; or give the path of a {what} file that ends in .toml")
    } else {
        format!("there are {list}")
    };
    let fault = Fault::new(key.span(), format!("there is no {what} `{name}`")).help(list);
    match nearest(name, keys.iter().copied()) {
        Some(s) => fault.expected(format!("did you mean `{s}`?")),
        None => fault.expected(format!("a {what} of the catalogue")),
    }
}

/// The text of a file that another names, if `key` is a path.
pub(in crate::course) fn own_file(what: &str, key: &Spanned<String>, folder: &Path) -> Option<Result<(String, String), Fault>> {
    let path = key.get_ref();
    if !path.to_lowercase().ends_with(".toml") {
        return None;
    }
    let stem = Path::new(path).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    Some(fs::read_to_string(folder.join(path)).map(|text| (stem, text)).map_err(|e| {
        Fault::new(key.span(), format!("the {what} file `{path}` cannot be read: {e}"))
            .help("the path starts at the folder of the file that names it")
    }))
}

/// The device that `key` names, if it can be set to `depth`; `untreated` says how a file without treatment looks.
pub(in crate::course) fn device(
    key: &Spanned<String>,
    depth: &Spanned<Length>,
    untreated: &str,
    folder: &Path,
    faults: &mut Vec<Fault>,
) -> Option<Device> {
    let found = match own_file("device", key, folder) {
        Some(read) => {
            read.and_then(|(stem, text)| Device::parse(&stem, key.get_ref(), &text).map_err(|e| Fault::new(key.span(), e.to_string())))
        }
        None if !Device::keys().contains(&key.get_ref().as_str()) => Err(no_such("device", key, &Device::keys(), true)),
        None => Device::find(key.get_ref()).map_err(|e| Fault::new(key.span(), e.to_string())),
    };
    let device = found.map_err(|f| faults.push(f)).ok()?;
    setting(&device, depth, untreated).map_err(|f| faults.push(f)).ok()?;
    Some(device)
}

/// The depth must be one the device can be set to.
fn setting(device: &Device, depth: &Spanned<Length>, untreated: &str) -> Result<(), Fault> {
    let set = depth.get_ref().um();
    let mm = |um: f64| format!("{} mm", (um / 1000.0 * 1e6).round() / 1e6);
    let fault = |message: String, expected: String, example: f64| {
        Err(Fault::new(depth.span(), message)
            .expected(expected)
            .example(format!("depth = \"{}\"", mm(example)))
            .help(format!("figures of the {}: {}", device.name, device.source)))
    };
    let deepest = device.setting_max_um.min(device.needle_length_um);
    if set > device.needle_length_um {
        let message = format!("a depth of {} is beyond the needles of the {}", mm(set), device.name);
        return fault(message, format!("at most {}, the length of its needles", mm(device.needle_length_um)), deepest);
    }
    if set > device.setting_max_um || set < device.setting_min_um {
        let message = format!("the {} cannot be set to {}", device.name, mm(set));
        let range = format!("{} to {}", mm(device.setting_min_um), mm(deepest));
        return fault(message, range, if set > deepest { deepest } else { device.setting_min_um });
    }
    if set <= 0.0 {
        return fault("the depth is 0 mm".into(), format!("a depth above 0; {untreated}"), deepest);
    }
    Ok(())
}

/// The site that `key` names, for that person.
pub(in crate::course) fn site(key: &Spanned<String>, person: Option<&Person>, faults: &mut Vec<Fault>) -> Option<Site> {
    if !site_keys().contains(&key.get_ref().as_str()) {
        faults.push(no_such("site", key, &site_keys(), false));
        return None;
    }
    site_for(key.get_ref(), person?).map_err(|e| faults.push(Fault::new(key.span(), e.to_string()))).ok()
}

/// The permeant that `key` names.
pub(in crate::course) fn permeant(key: &Spanned<String>, folder: &Path) -> Result<Permeant, Fault> {
    match own_file("permeant", key, folder) {
        Some(read) => {
            read.and_then(|(stem, text)| Permeant::parse(&stem, key.get_ref(), &text).map_err(|e| Fault::new(key.span(), e.to_string())))
        }
        None if !Permeant::keys().any(|k| k == key.get_ref()) => Err(no_such("permeant", key, &Permeant::keys().collect::<Vec<_>>(), true)),
        None => Permeant::find(key.get_ref()).map_err(|e| Fault::new(key.span(), e.to_string())),
    }
}
