//! What stands in each table.

use percuta::course::{DepthBand, Outcome, Readouts};
use percuta::population::{Interval, interval};

use super::table::{Table, integer, number, text};
use crate::series;

/// The visits of a table: what they are called, their day and their index on the dense axis.
fn moments(outcome: &Outcome) -> Vec<(&'static str, f64, usize)> {
    let mut moments = Vec::new();
    if let Some(&first) = outcome.days.first() {
        moments.push(("baseline", first, 0));
    }
    moments.extend(outcome.course.visits.iter().filter_map(|&d| Some(("visit", d, series::visit_index(outcome, d)?))));
    moments
}

/// One row a member, visit and read-out.
pub fn readouts(outcome: &Outcome) -> Table {
    let moments = moments(outcome);
    let (mut member, mut day, mut key, mut unit, mut value, mut moment) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    for m in 0..outcome.draws.len() {
        for &(name, d, index) in &moments {
            for s in &outcome.readouts {
                let Some(&v) = s.members.get(m).and_then(|days| days.get(index)) else { continue };
                member.push(m as i64);
                day.push(d);
                key.push(s.readout.key.to_owned());
                unit.push(s.readout.unit.to_owned());
                value.push(v);
                moment.push(name.to_owned());
            }
        }
    }
    Table {
        name: "readouts",
        description: "One row per member, visit and read-out; moment is baseline (before the first session) or visit (after a session of that day).",
        columns: vec![
            integer("member", member),
            number("day", "d", day),
            text("readout", key),
            text("unit", unit),
            number("value", "see column unit", value),
            text("moment", moment),
        ],
    }
}

/// One row a read-out and visit: median and 90 % interval of the value and of the change from each member's baseline.
pub fn summary(outcome: &Outcome) -> Table {
    let (mut key, mut unit, mut moment, mut day) = (vec![], vec![], vec![], vec![]);
    let mut numbers: [Vec<f64>; 6] = Default::default();
    for s in &outcome.readouts {
        for (name, d, index) in moments(outcome) {
            let value = interval(&series::values(s, index));
            let changes: Vec<f64> = s.members.iter().filter_map(|m| Some(m.get(index)? - m.first()?)).collect();
            let change = interval(&changes);
            key.push(s.readout.key.to_owned());
            unit.push(s.readout.unit.to_owned());
            moment.push(name.to_owned());
            day.push(d);
            for (column, x) in numbers.iter_mut().zip([value.median, value.low, value.high, change.median, change.low, change.high]) {
                column.push(x);
            }
        }
    }
    let [median, low, high, change_median, change_low, change_high] = numbers;
    let of = "see column unit";
    Table {
        name: "summary",
        description: "One row per read-out and visit: median, 5th and 95th percentile over the members, of the value and of the change from each member's own baseline.",
        columns: vec![
            text("readout", key),
            text("unit", unit),
            text("moment", moment),
            number("day", "d", day),
            number("median", of, median),
            number("low", of, low),
            number("high", of, high),
            number("change_median", of, change_median),
            number("change_low", of, change_low),
            number("change_high", of, change_high),
        ],
    }
}

/// One row a grade and visit: what the tissue has changed, what expectation adds, and what is rated.
pub fn grades(outcome: &Outcome) -> Table {
    let (mut key, mut unit, mut day) = (vec![], vec![], vec![]);
    let mut numbers: [Vec<f64>; 9] = Default::default();
    for g in &outcome.grades {
        for v in &g.visits {
            key.push(g.readout.key.to_owned());
            unit.push(g.readout.unit.to_owned());
            day.push(v.day);
            let values = [&v.tissue, &v.expectation, &v.rated].into_iter().flat_map(|i| [i.median, i.low, i.high]);
            numbers.iter_mut().zip(values).for_each(|(column, x)| column.push(x));
        }
    }
    let names = [
        "tissue_median",
        "tissue_low",
        "tissue_high",
        "expectation_median",
        "expectation_low",
        "expectation_high",
        "rated_median",
        "rated_low",
        "rated_high",
    ];
    let mut columns = vec![text("grade", key), text("unit", unit), number("day", "d", day)];
    columns.extend(names.into_iter().zip(numbers).map(|(name, values)| number(name, "see column unit", values)));
    Table {
        name: "grades",
        description: "One row per grade and visit after day 0: change from before the first session, as the tissue deserves it, as expectation adds to it, and as it is rated with the rater's error; median, 5th and 95th percentile over the members.",
        columns,
    }
}

/// One row a parameter of the surface.
pub fn surface(outcome: &Outcome) -> Table {
    let s = &outcome.surface;
    let mut numbers: [Vec<f64>; 9] = Default::default();
    for p in &s.parameters {
        let values = [&p.before, &p.after, &p.change].into_iter().flat_map(|i| [i.median, i.low, i.high]);
        numbers.iter_mut().zip(values).for_each(|(column, x)| column.push(x));
    }
    let names = [
        "before_median",
        "before_low",
        "before_high",
        "after_median",
        "after_low",
        "after_high",
        "change_median",
        "change_low",
        "change_high",
    ];
    let unit = |i: usize| if i < 6 { "see column unit" } else { "%" };
    let of = |f: fn(&percuta::course::SurfaceParameter) -> &'static str| s.parameters.iter().map(|p| f(p).to_owned()).collect();
    let mut columns = vec![text("parameter", of(|p| p.symbol)), text("name", of(|p| p.name)), text("unit", of(|p| p.unit))];
    columns.extend(names.into_iter().zip(numbers).enumerate().map(|(i, (name, values))| number(name, unit(i), values)));
    Table {
        name: "surface",
        description: "One row per parameter of the surface (ISO 25178-2, ISO 4287): before the first session, at the last visit, and the change of each member; median, 5th and 95th percentile over the members. Filters and area are in summary.json.",
        columns,
    }
}

/// One row a wavelength.
pub fn spectra(outcome: &Outcome) -> Table {
    let s = &outcome.spectra;
    let mut columns = vec![number("wavelength", "nm", s.wavelength_nm.clone())];
    let none = Vec::new();
    for (i, curve) in [&s.before, s.just_after.as_ref().unwrap_or(&none), &s.after].into_iter().enumerate() {
        if curve.is_empty() {
            continue;
        }
        let names = [
            ["before_median", "before_low", "before_high"],
            ["just_after_median", "just_after_low", "just_after_high"],
            ["after_median", "after_low", "after_high"],
        ][i];
        let of: [fn(&percuta::population::Interval) -> f64; 3] = [|v| v.median, |v| v.low, |v| v.high];
        columns.extend(names.into_iter().zip(of).map(|(name, f)| number(name, "1", curve.iter().map(f).collect())));
    }
    Table {
        name: "spectra",
        description: "One row per wavelength: reflectance of the skin before the first session, just after it, and at the last visit, what the surface reflects like a mirror included; median, 5th and 95th percentile over the members.",
        columns,
    }
}

/// One row a single scar, moment and quantity; nothing if the course lists no scar.
pub fn scars(outcome: &Outcome) -> Option<Table> {
    if outcome.scars.is_empty() {
        return None;
    }
    let (mut scar, mut class, mut moment, mut day, mut quantity, mut unit) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    let mut numbers: [Vec<f64>; 3] = Default::default();
    for (n, s) in outcome.scars.iter().enumerate() {
        let moments = std::iter::once(("baseline", 0.0, &s.baseline)).chain(s.visits.iter().map(|(d, state)| ("visit", *d, state)));
        for (name, d, state) in moments {
            for (what, of, value) in [
                ("relief", "µm", state.relief_um),
                ("volume", "mm³", state.volume_mm3),
                ("visible_area", "mm²", state.area_mm2),
                ("alignment", "1", state.alignment),
            ] {
                scar.push(n as i64);
                class.push(s.scar.class.name().to_owned());
                moment.push(name.to_owned());
                day.push(d);
                quantity.push(what.to_owned());
                unit.push(of.to_owned());
                numbers.iter_mut().zip([value.median, value.low, value.high]).for_each(|(column, x)| column.push(x));
            }
        }
    }
    let [median, low, high] = numbers;
    let of = "see column unit";
    Some(Table {
        name: "scars",
        description: "One row per single scar of the course (numbered from 0), moment and quantity: median and 90 % interval over the members; the relief of a pit is negative.",
        columns: vec![
            integer("scar", scar),
            text("class", class),
            text("moment", moment),
            number("day", "d", day),
            text("quantity", quantity),
            text("unit", unit),
            number("median", of, median),
            number("low", of, low),
            number("high", of, high),
        ],
    })
}

/// One row a read-out and visit: the block of skin and what it is compared with, all with central parameters.
pub fn patch(outcome: &Outcome) -> Option<Table> {
    let patch = outcome.patch.as_ref()?;
    let (mut key, mut unit, mut moment, mut day) = (vec![], vec![], vec![], vec![]);
    let mut numbers: [Vec<f64>; 4] = Default::default();
    for s in &outcome.readouts {
        let of = |readouts: &Readouts| readouts.iter().find(|(k, _)| *k == s.readout.key).map(|(_, values)| values.clone());
        let (Some(own), Some(on_patch), Some(reduced)) = (of(&patch.readouts), of(&patch.reduced_on_patch), of(&patch.reduced)) else {
            continue;
        };
        let coarser = patch.coarser.as_ref().and_then(&of);
        for (name, d, index) in moments(outcome) {
            key.push(s.readout.key.to_owned());
            unit.push(s.readout.unit.to_owned());
            moment.push(name.to_owned());
            day.push(d);
            let values = [Some(&own), coarser.as_ref(), Some(&on_patch), Some(&reduced)];
            for (column, values) in numbers.iter_mut().zip(values) {
                column.push(values.and_then(|v| v.get(index)).copied().unwrap_or(f64::NAN));
            }
        }
    }
    let [own, coarser, on_patch, reduced] = numbers;
    let of = "see column unit";
    Some(Table {
        name: "patch",
        description: "One row per read-out and visit, central parameters: the block of skin, the same at twice the spacing (NaN if it was not computed), the reduced model on the block's damage and layers, and the reduced model as a run without a block has it.",
        columns: vec![
            text("readout", key),
            text("unit", unit),
            text("moment", moment),
            number("day", "d", day),
            number("patch", of, own),
            number("patch_coarser", of, coarser),
            number("reduced_on_patch", of, on_patch),
            number("reduced", of, reduced),
        ],
    })
}

/// One row a puncture of the specimen's first session.
pub fn punctures(outcome: &Outcome) -> Table {
    let p = &outcome.specimen.punctures;
    Table {
        name: "punctures",
        description: "One row per puncture of the first session of the central member, in a square periodic window of skin.",
        columns: vec![
            number("x_um", "µm", p.x_um.clone()),
            number("y_um", "µm", p.y_um.clone()),
            number("depth_um", "µm", p.depth_um.clone()),
            number("entry_radius_um", "µm", p.entry_radius_um.clone()),
            number("drag_x_um", "µm", p.drag_x_um.clone()),
            number("drag_y_um", "µm", p.drag_y_um.clone()),
            integer("pass", p.pass.iter().map(|&n| i64::from(n)).collect()),
            number("time_s", "s", p.time_s.clone()),
        ],
    }
}

/// One row a quantity, visit and depth interval: damage and open channels after a session, collagen at every visit.
pub fn depth(outcome: &Outcome) -> Table {
    let (mut quantity, mut unit, mut day) = (vec![], vec![], vec![]);
    let mut numbers: [Vec<f64>; 5] = Default::default();
    let mut row = |name: &str, of: &str, d: f64, band: &DepthBand, value: Interval| {
        quantity.push(name.to_owned());
        unit.push(of.to_owned());
        day.push(d);
        for (column, v) in numbers.iter_mut().zip([band.top_um, band.bottom_um, value.median, value.low, value.high]) {
            column.push(v);
        }
    };
    for band in &outcome.damage_by_depth {
        row("damaged_fraction", "1", 0.0, band, band.value);
        if let Some(open) = band.open_area {
            row("open_area_fraction", "1", 0.0, band, open);
        }
    }
    for (bands, &d) in outcome.collagen_by_depth.iter().zip(&outcome.course.visits) {
        for band in bands {
            row("collagen", "1 of baseline", d, band, band.value);
        }
    }
    let [top, bottom, median, low, high] = numbers;
    Table {
        name: "depth",
        description: "One row per quantity, visit and depth below the surface: median and 90 % interval over the members.",
        columns: vec![
            text("quantity", quantity),
            text("unit", unit),
            number("day", "d", day),
            number("top_um", "µm", top),
            number("bottom_um", "µm", bottom),
            number("median", "see column unit", median),
            number("low", "see column unit", low),
            number("high", "see column unit", high),
        ],
    }
}

/// One row a read-out and parameter: rank correlation with the change at the visit where its median is largest.
pub fn drivers(outcome: &Outcome) -> Table {
    let (mut key, mut parameter, mut rank) = (vec![], vec![], vec![]);
    for s in &outcome.readouts {
        for d in &s.drivers {
            key.push(s.readout.key.to_owned());
            parameter.push(d.parameter.clone());
            rank.push(d.rank_correlation);
        }
    }
    Table {
        name: "drivers",
        description: "One row per read-out and parameter: Spearman rank correlation of the parameter with the change at the visit where its median is largest.",
        columns: vec![text("readout", key), text("parameter", parameter), number("rank_correlation", "1", rank)],
    }
}

/// One row a member and parameter: the value drawn.
pub fn parameters(outcome: &Outcome) -> Table {
    let (mut member, mut name, mut unit, mut value) = (vec![], vec![], vec![], vec![]);
    for (m, draw) in outcome.draws.iter().enumerate() {
        for ((n, card), &v) in outcome.course.parameters.iter().zip(draw.values()) {
            member.push(m as i64);
            name.push(n.to_owned());
            unit.push(card.unit.clone());
            value.push(v);
        }
    }
    Table {
        name: "parameters",
        description: "One row per member and parameter: the value drawn.",
        columns: vec![integer("member", member), text("parameter", name), text("unit", unit), number("value", "see column unit", value)],
    }
}

#[cfg(test)]
mod tests {
    use super::super::csv::csv;
    use super::super::table::Values;
    use super::*;
    use crate::fixture;

    #[test]
    fn readouts_hold_every_member_visit_and_endpoint() {
        let o = fixture::outcome();
        let table = readouts(&o);
        let rows = o.draws.len() * (o.course.visits.len() + 1) * o.readouts.len();
        assert!(table.columns.iter().all(|c| c.values.len() == rows), "{rows} rows");
        let text = String::from_utf8(csv(&table)).unwrap();
        assert!(text.starts_with("member,day,readout,unit,value,moment\n0,0,collagen_mass,% of baseline,100,baseline\n"));
        assert_eq!(text.lines().count(), rows + 1);
    }

    #[test]
    fn the_summary_states_paired_changes() {
        let o = fixture::outcome();
        let table = summary(&o);
        let Values::Number(change) = &table.columns[7].values else { panic!() };
        let Values::Text(moment) = &table.columns[2].values else { panic!() };
        assert!(change.iter().zip(moment).all(|(c, m)| m != "baseline" || *c == 0.0));
        assert!(change.iter().any(|c| *c != 0.0));
    }

    #[test]
    fn grades_and_scars_have_their_rows() {
        let mut o = fixture::outcome();
        let after_day_0 = o.course.visits.len() - 1;
        assert!(grades(&o).columns.iter().all(|c| c.values.len() == o.grades.len() * after_day_0));
        let table = scars(&o).unwrap();
        let rows = o.scars.len() * (o.course.visits.len() + 1) * 4;
        assert!(rows > 0 && table.columns.iter().all(|c| c.values.len() == rows));
        o.scars.clear();
        assert!(scars(&o).is_none());
    }

    #[test]
    fn the_block_has_a_row_for_every_read_out_and_visit() {
        assert!(patch(&fixture::outcome()).is_none());
        let o = fixture::with_patch();
        let table = patch(o).unwrap();
        let rows = o.patch.as_ref().unwrap().readouts.len() * (o.course.visits.len() + 1);
        assert!(rows > 0 && table.columns.iter().all(|c| c.values.len() == rows), "{rows} rows");
    }

    #[test]
    fn every_draw_is_listed() {
        let o = fixture::outcome();
        let Values::Number(v) = &parameters(&o).columns[3].values.clone() else { panic!() };
        assert_eq!(v.len(), o.draws.len() * o.course.parameters.len());
    }
}
