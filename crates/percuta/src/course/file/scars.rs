//! The single scars of a course file.

use toml::Spanned;

use super::format::ScarFile;
use crate::appearance::{ScarClass, SingleScar};
use crate::course::text::{Fault, no_such};
use crate::units::Length;

/// Classes by their names in the file.
const CLASSES: [(&str, ScarClass); 5] = [
    ("icepick", ScarClass::Icepick),
    ("boxcar", ScarClass::Boxcar),
    ("rolling", ScarClass::Rolling),
    ("linear", ScarClass::Linear),
    ("hypertrophic", ScarClass::Hypertrophic),
];
/// Beyond these a number is a slip of the unit, mm.
const WIDEST_MM: f64 = 200.0;
const DEEPEST_MM: f64 = 5.0;
const HIGHEST_MM: f64 = 20.0;
const LONGEST_MM: f64 = 500.0;
const MOST: u32 = 1000;

/// Every scar that is possible; the others are at fault.
pub(super) fn scars(file: &[Spanned<ScarFile>], faults: &mut Vec<Fault>) -> Vec<SingleScar> {
    file.iter().filter_map(|scar| single(scar, faults)).collect()
}

fn single(file: &Spanned<ScarFile>, faults: &mut Vec<Fault>) -> Option<SingleScar> {
    let (span, scar) = (file.span(), file.get_ref());
    let Some(&(_, class)) = CLASSES.iter().find(|(key, _)| key == scar.class.get_ref()) else {
        faults.push(no_such("scar class", &scar.class, &CLASSES.map(|(key, _)| key), false));
        return None;
    };
    let before = faults.len();
    let missing = |what: &str, example: &str| {
        Fault::new(span.clone(), format!("the {} scar has no {what}", class.name())).expected(what.to_owned()).example(example)
    };
    let width_um = match &scar.width {
        Some(width) => length(width, "width", WIDEST_MM, "width = \"3 mm\"", faults),
        None => {
            faults.push(missing("`width`", "width = \"3 mm\""));
            0.0
        }
    };
    let relief_um = match (class, &scar.depth, &scar.height) {
        (ScarClass::Linear, Some(_), Some(height)) => {
            faults.push(
                Fault::new(height.span(), "a linear scar cannot lie below and stand above the skin")
                    .expected("`depth` or `height`")
                    .example("depth = \"0.3 mm\""),
            );
            0.0
        }
        (ScarClass::Hypertrophic, Some(depth), _) => {
            faults.push(
                Fault::new(depth.span(), "a hypertrophic scar stands above the skin, so that it has no depth")
                    .expected("`height`")
                    .example("height = \"2 mm\""),
            );
            0.0
        }
        (ScarClass::Icepick | ScarClass::Boxcar | ScarClass::Rolling, _, Some(height)) => {
            faults.push(
                Fault::new(height.span(), format!("a {} scar is a pit, so that it has no height", class.name()))
                    .expected("`depth`")
                    .example("depth = \"0.4 mm\""),
            );
            0.0
        }
        (_, Some(depth), None) => -length(depth, "depth", DEEPEST_MM, "depth = \"0.4 mm\"", faults),
        (_, None, Some(height)) => length(height, "height", HIGHEST_MM, "height = \"2 mm\"", faults),
        (ScarClass::Hypertrophic, None, None) => {
            faults.push(missing("`height`", "height = \"2 mm\""));
            0.0
        }
        (ScarClass::Linear, None, None) => {
            faults.push(missing("`depth` or `height`", "depth = \"0.3 mm\""));
            0.0
        }
        (_, None, None) => {
            faults.push(missing("`depth`", "depth = \"0.4 mm\""));
            0.0
        }
    };
    let length_um = match (class, &scar.length) {
        (ScarClass::Linear, Some(given)) => {
            let length_um = length(given, "length", LONGEST_MM, "length = \"40 mm\"", faults);
            if length_um > 0.0 && length_um < width_um {
                let message = format!("a linear scar of {} mm is shorter than it is wide", length_um / 1000.0);
                faults.push(
                    Fault::new(given.span(), message)
                        .expected(format!("at least its width, {} mm", width_um / 1000.0))
                        .example("length = \"40 mm\""),
                );
            }
            Some(length_um)
        }
        (ScarClass::Linear, None) => {
            faults.push(missing("`length`", "length = \"40 mm\""));
            None
        }
        (_, Some(given)) => {
            faults.push(
                Fault::new(given.span(), format!("a {} scar is round, so that it has no length", class.name()))
                    .expected("`length` of a linear scar only"),
            );
            None
        }
        (_, None) => None,
    };
    let count = scar.count.as_ref().map_or(1, |c| *c.get_ref());
    if let Some(given) = scar.count.as_ref().filter(|_| count == 0 || count > MOST) {
        faults.push(
            Fault::new(given.span(), format!("there cannot be {count} scars like it"))
                .expected(format!("1 to {MOST} scars"))
                .example("count = 3"),
        );
    }
    (faults.len() == before).then_some(SingleScar { class, width_um, relief_um, length_um, count })
}

/// A length above 0 and up to so many millimetres, µm.
fn length(given: &Spanned<Length>, what: &str, most_mm: f64, example: &str, faults: &mut Vec<Fault>) -> f64 {
    let um = given.get_ref().um();
    if um <= 0.0 || um > 1000.0 * most_mm {
        faults.push(
            Fault::new(given.span(), format!("the {what} of the scar is {} mm", um / 1000.0))
                .expected(format!("above 0 and up to {most_mm} mm"))
                .example(example),
        );
    }
    um
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::course::file::load;

    const COURSE: &str = "[treatment]\nsite = \"zygoma\"\ndevice = \"skinpen\"\ndepth = \"1.0 mm\"\n";

    fn read(scars: &str) -> Result<Vec<SingleScar>, Vec<String>> {
        let text = format!("{COURSE}{scars}");
        load(&text, "course.toml", Path::new("."), &[]).map(|l| l.course.scars).map_err(|e| {
            e.into_iter()
                .map(|e| {
                    format!(
                        "{} | {} | {}",
                        &e.place.text[e.place.span.clone()].lines().next().unwrap_or(""),
                        e.message,
                        e.expected.unwrap_or_default()
                    )
                })
                .collect()
        })
    }

    #[test]
    fn scars_are_read_with_their_sign_and_number() {
        let scars = read(
            "[[scars]]\nclass = \"boxcar\"\nwidth = \"3 mm\"\ndepth = \"400 um\"\ncount = 4\n\
             [[scars]]\nclass = \"linear\"\nwidth = \"2 mm\"\nheight = \"0.5 mm\"\nlength = \"6 cm\"\n\
             [[scars]]\nclass = \"hypertrophic\"\nwidth = \"12 mm\"\nheight = \"2 mm\"\n",
        )
        .unwrap();
        let found: Vec<_> = scars.iter().map(|s| (s.class, s.width_um, s.relief_um, s.length_um, s.count)).collect();
        assert_eq!(
            found,
            [
                (ScarClass::Boxcar, 3000.0, -400.0, None, 4),
                (ScarClass::Linear, 2000.0, 500.0, Some(60_000.0), 1),
                (ScarClass::Hypertrophic, 12_000.0, 2000.0, None, 1),
            ]
        );
        assert_eq!(read("").unwrap(), []);
    }

    #[test]
    fn every_mistake_is_named_where_it_is() {
        let one = |keys: &str| read(&format!("[[scars]]\n{keys}\n")).unwrap_err().join("; ");
        for (keys, expected) in [
            ("class = \"boxcr\"", "\"boxcr\" | there is no scar class `boxcr` | did you mean `boxcar`?"),
            ("class = \"boxcar\"\nwidth = \"3 mm\"", "[[scars]] | the boxcar scar has no `depth` | `depth`"),
            ("class = \"boxcar\"\ndepth = \"3 mm\"", "[[scars]] | the boxcar scar has no `width` | `width`"),
            (
                "class = \"boxcar\"\nwidth = \"3 mm\"\ndepth = \"-0.4 mm\"",
                "\"-0.4 mm\" | `-0.4 mm` is negative | a length with its unit (mm, µm, um, cm)",
            ),
            ("class = \"boxcar\"\nwidth = \"3 mm\"\ndepth = \"0 mm\"", "\"0 mm\" | the depth of the scar is 0 mm | above 0 and up to 5 mm"),
            (
                "class = \"boxcar\"\nwidth = \"3 m\"\ndepth = \"0.4 mm\"",
                "\"3 m\" | the width of the scar is 3000 mm | above 0 and up to 200 mm",
            ),
            (
                "class = \"boxcar\"\nwidth = \"3 mm\"\nheight = \"1 mm\"",
                "\"1 mm\" | a boxcar scar is a pit, so that it has no height | `depth`",
            ),
            (
                "class = \"hypertrophic\"\nwidth = \"9 mm\"\ndepth = \"1 mm\"",
                "\"1 mm\" | a hypertrophic scar stands above the skin, so that it has no depth | `height`",
            ),
            ("class = \"hypertrophic\"\nwidth = \"9 mm\"", "[[scars]] | the hypertrophic scar has no `height` | `height`"),
            ("class = \"linear\"\nwidth = \"2 mm\"\ndepth = \"0.3 mm\"", "[[scars]] | the linear scar has no `length` | `length`"),
            (
                "class = \"linear\"\nwidth = \"2 mm\"\ndepth = \"0.3 mm\"\nlength = \"1 mm\"",
                "\"1 mm\" | a linear scar of 1 mm is shorter than it is wide | at least its width, 2 mm",
            ),
            (
                "class = \"linear\"\nwidth = \"2 mm\"\ndepth = \"0.3 mm\"\nheight = \"0.2 mm\"\nlength = \"9 mm\"",
                "\"0.2 mm\" | a linear scar cannot lie below and stand above the skin | `depth` or `height`",
            ),
            (
                "class = \"rolling\"\nwidth = \"5 mm\"\ndepth = \"0.3 mm\"\nlength = \"9 mm\"",
                "\"9 mm\" | a rolling scar is round, so that it has no length | `length` of a linear scar only",
            ),
            (
                "class = \"rolling\"\nwidth = \"5 mm\"\ndepth = \"0.3 mm\"\ncount = 0",
                "0 | there cannot be 0 scars like it | 1 to 1000 scars",
            ),
            ("class = \"rolling\"\nwidth = \"5 mm\"\ndeph = \"0.3 mm\"", "deph | `[[scars]]` has no key `deph` | did you mean `depth`?"),
        ] {
            assert_eq!(one(keys), expected);
        }
        // Mistakes of several scars are found together.
        let both = "[[scars]]\nclass = \"linear\"\n[[scars]]\nclass = \"rolling\"\n";
        assert_eq!(read(both).unwrap_err().len(), 5);
    }

    #[test]
    fn one_explanation_of_lines_can_be_chosen() {
        let card = |text: &str| {
            load(&format!("{COURSE}{text}"), "course.toml", Path::new("."), &[])
                .map(|l| l.course.parameters.card("lines.explanation").unwrap().value)
        };
        assert_eq!(card("").unwrap(), 0.5);
        assert_eq!(card("[lines]\nexplanation = \"both\"\n").unwrap(), 0.5);
        assert_eq!(card("[lines]\nexplanation = \"epidermal\"\n").unwrap(), 0.0);
        assert_eq!(card("[lines]\nexplanation = \"papillary\"\n").unwrap(), 1.0);
        let error = card("[lines]\nexplanation = \"dermal\"\n").unwrap_err();
        assert!(
            error[0].message.contains("unknown value `dermal`") && error[0].expected.as_ref().unwrap().contains("`papillary`"),
            "{error:?}"
        );
        let error = card("[lines]\nexplanation = \"epidermal\"\n[parameters]\nlines.explanation = 1\n").unwrap_err();
        assert_eq!(error[0].message, "the explanation of lines is chosen twice");
    }
}
