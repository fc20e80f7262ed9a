//! The parameters of a height map as a table.

use percuta_report::relief::ReliefSummary;

/// What was evaluated, how it was filtered, and the parameters.
pub fn describe(summary: &ReliefSummary) -> String {
    let (filters, a, p) = (&summary.filters, &summary.areal, &summary.profile);
    let form = match filters.form.as_str() {
        "second-order" => "polynomial of second order, least squares",
        "plane" => "plane, least squares",
        _ => "none removed but the mean height",
    };
    let [width, length_um] = summary.evaluation_area_um;
    let index = |um: Option<f64>| um.map_or("none".into(), length);
    let share = |x: f64| format!("{} %", digits(100.0 * x));
    let maybe = |x: Option<f64>, unit: &str| x.map_or("not defined".to_owned(), |x| format!("{}{unit}", digits(x)));
    let rows = [
        ("", format!("{} x {} pixels of {}", summary.columns, summary.rows, length(summary.pixel_um))),
        ("area", format!("{} x {}", length(width), length(length_um))),
        ("S-filter", index(filters.s_um)),
        ("form", form.to_owned()),
        ("L-filter", index(filters.l_um)),
        ("", filters.method.to_owned()),
    ];
    let areal = [
        ("Sa", format!("{} µm", digits(a.sa_um)), "arithmetic mean height"),
        ("Sq", format!("{} µm", digits(a.sq_um)), "root mean square height"),
        ("Sz", format!("{} µm", digits(a.sz_um)), "highest peak to deepest pit"),
        ("Sp", format!("{} µm", digits(a.sp_um)), "highest peak"),
        ("Sv", format!("{} µm", digits(a.sv_um)), "deepest pit"),
        ("Ssk", maybe(a.ssk, ""), "skewness"),
        ("Sku", maybe(a.sku, ""), "kurtosis"),
        ("Sdq", digits(a.sdq), "root mean square gradient"),
        ("Sdr", share(a.sdr), "developed area beyond the flat one"),
        ("Sal", maybe(a.sal_um, " µm"), "shortest decay of the autocorrelation to 0.2"),
        ("Str", maybe(a.str, ""), "shortest over longest decay: 1 alike in all directions, near 0 lines"),
        ("lay", maybe(a.lay_deg, "°"), "direction of the lines, from left to right turning down"),
    ];
    let profiles = [
        ("Ra", p.ra_um, "arithmetic mean deviation"),
        ("Rq", p.rq_um, "root mean square deviation"),
        ("Rz", p.rz_um, "mean of the heights within a sampling length"),
        ("Rmax", p.rmax_um, "largest of them in a profile, mean over profiles"),
        ("Rt", p.rt_um, "height over the evaluation length"),
    ];
    let mut text = format!("{}\n", summary.map);
    text.extend(rows.iter().map(|(name, value)| format!("  {name:<10} {value}\n")));
    text += "\nISO 25178-2\n";
    text.extend(areal.iter().map(|(name, value, meaning)| format!("  {name:<6} {value:<14} {meaning}\n")));
    let lengths = if p.sampling_lengths == 1 { "sampling length" } else { "sampling lengths" };
    text += &format!(
        "\nISO 4287, {} profiles at {}°, cut-off {}, {} {lengths}, after S-filter and form\n",
        p.profiles,
        digits(p.direction_deg),
        length(p.cutoff_um),
        p.sampling_lengths
    );
    text.extend(profiles.iter().map(|(name, um, meaning)| format!("  {name:<6} {:<14} {meaning}\n", format!("{} µm", digits(*um)))));
    text
}

/// Three significant digits.
fn digits(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return x.to_string();
    }
    let decimals = (2 - x.abs().log10().floor() as i32).clamp(0, 9) as usize;
    let text = format!("{x:.decimals$}");
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') { text.trim_start_matches('-').to_owned() } else { text }
}

/// A length that was set, as it was set.
fn length(um: f64) -> String {
    let (value, unit) = if um >= 1000.0 { (um / 1000.0, "mm") } else { (um, "µm") };
    // Six digits hide what divisions leave.
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    format!("{rounded} {unit}")
}
