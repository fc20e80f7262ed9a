//! Catalogue entries that can be explained: devices, sites, permeants, studies and read-outs.

use percuta::absorption::Permeant;
use percuta::course::READOUTS;
use percuta::device::Device;
use percuta::evidence::Study;
use percuta::population::Parameter;
use percuta::skin::{Person, Sex, Tone, site_for, site_keys};

/// One entry of a catalogue.
pub struct Entry {
    /// `device.skinpen`.
    pub name: String,
    /// Name in reports.
    pub title: String,
    /// What is certain about it.
    pub rows: Vec<(&'static str, String)>,
    /// What is not.
    pub cards: Vec<(String, Parameter)>,
}

impl Entry {
    /// The name in a course file.
    pub fn key(&self) -> &str {
        self.name.split_once('.').map_or(self.name.as_str(), |(_, key)| key)
    }
}

/// All entries, by kind.
pub fn entries() -> Result<Vec<Entry>, String> {
    let mut all = Vec::new();
    for key in Device::keys() {
        all.push(device(Device::find(key).map_err(|e| e.to_string())?));
    }
    for key in site_keys() {
        all.push(site(key)?);
    }
    for key in Permeant::keys() {
        all.push(permeant(key, Permeant::find(key).map_err(|e| e.to_string())?));
    }
    for id in Study::ids() {
        all.push(study(Study::find(id).map_err(|e| e.to_string())?));
    }
    all.extend(READOUTS.iter().map(|r| Entry {
        name: format!("readout.{}", r.key),
        title: r.name.into(),
        rows: vec![("unit", r.unit.into()), ("meaning", r.meaning.into())],
        cards: Vec::new(),
    }));
    Ok(all)
}

fn device(device: Device) -> Entry {
    let mm = |um: f64| format!("{} mm", um / 1000.0);
    let mut rows = vec![
        ("handpiece", format!("{:?}", device.handpiece).to_lowercase()),
        ("needles", device.needles.to_string()),
        ("needle length", mm(device.needle_length_um)),
        ("settings", format!("{} to {}", mm(device.setting_min_um), mm(device.setting_max_um))),
    ];
    rows.extend(device.evaluated_to_um.map(|(to, source)| ("evaluated to", format!("{} ({source})", mm(to)))));
    rows.push(("source", device.source));
    Entry { name: format!("device.{}", device.key), title: device.name, rows, cards: device.cards }
}

fn site(key: &str) -> Result<Entry, String> {
    // Thicknesses depend on age and sex; one person stands for all.
    let tone = Tone::from_fitzpatrick("II").ok_or("there is no Fitzpatrick type II")?;
    let person = Person { age_years: 45.0, sex: Sex::Female, tone, colour: None };
    let site = site_for(key, &person).map_err(|e| e.to_string())?;
    let rows = vec![("shown for", "a woman of 45 years; other ages and sexes differ".to_owned())];
    Ok(Entry { name: format!("site.{}", site.key), title: site.name, rows, cards: site.cards })
}

fn permeant(key: &str, permeant: Permeant) -> Entry {
    let mut rows = vec![("weight", format!("{} Da", permeant.mw_da)), ("log Kow", permeant.log_kow.to_string())];
    let groups: Vec<String> = permeant.groups.iter().map(|g| format!("{} ({})", g.pka, format!("{:?}", g.kind).to_lowercase())).collect();
    if !groups.is_empty() {
        rows.push(("pKa", groups.join(", ")));
    }
    rows.extend(permeant.solubility_mg_per_ml.map(|s| ("solubility", format!("{s} mg/mL"))));
    rows.extend(permeant.melting_point_c.map(|t| ("melting point", format!("{t} °C"))));
    let warnings = permeant.extrapolation();
    if !warnings.is_empty() {
        rows.push(("outside", warnings.join("\n")));
    }
    if let Some(plasma) = &permeant.plasma {
        let half_life = plasma.half_life_h();
        let (clearance, volume, source) = (plasma.clearance_l_per_h, plasma.volume_l, &plasma.source);
        rows.push(("plasma", format!("clearance {clearance} L/h, volume {volume} L, half-life {half_life:.1} h ({source})")));
    }
    rows.push(("source", permeant.source));
    Entry { name: format!("permeant.{key}"), title: permeant.name, rows, cards: Vec::new() }
}

fn study(study: Study) -> Entry {
    let mut rows = vec![("citation", study.citation.clone())];
    rows.extend(study.identifier.clone().map(|id| ("id", id)));
    rows.push(("access", study.access.clone()));
    let observed: Vec<String> =
        study.observations.iter().map(|o| format!("day {}: {}, {} {} ({})", o.day, o.quantity, o.value, o.unit, o.role.name())).collect();
    rows.push(("observed", observed.join("\n")));
    Entry { name: format!("study.{}", study.id), title: study.citation, rows, cards: Vec::new() }
}
