//! `tables/sensitivity`: all indices.

use percuta::course::sensitivity::SensitivityOutcome;

use crate::tables::table::{Table, number, text};

/// One row a read-out, visit and factor.
pub fn indices(outcome: &SensitivityOutcome) -> Table {
    let (mut key, mut unit, mut day, mut factor) = (vec![], vec![], vec![], vec![]);
    let mut numbers: [Vec<f64>; 6] = Default::default();
    for r in &outcome.readouts {
        for v in &r.visits {
            for (f, i) in outcome.factors.iter().zip(&v.indices) {
                key.push(r.readout.key.to_owned());
                unit.push(r.readout.unit.to_owned());
                day.push(v.day);
                factor.push(f.name.clone());
                let values = [v.mean, v.sd, i.first.value, i.first.error, i.total.value, i.total.error];
                numbers.iter_mut().zip(values).for_each(|(column, x)| column.push(x));
            }
        }
    }
    let [mean, sd, first, first_error, total, total_error] = numbers;
    Table {
        name: "sensitivity",
        description: "One row per read-out, visit after day 0 and factor (a parameter, chance, or the other parameters together): mean and standard deviation of the change from before the first session, first-order and total Sobol index as shares of its variance, and half of their 90 % intervals.",
        columns: vec![
            text("readout", key),
            text("unit", unit),
            number("day", "d", day),
            text("factor", factor),
            number("mean", "see column unit", mean),
            number("sd", "see column unit", sd),
            number("first", "1", first),
            number("first_error", "1", first_error),
            number("total", "1", total),
            number("total_error", "1", total_error),
        ],
    }
}
