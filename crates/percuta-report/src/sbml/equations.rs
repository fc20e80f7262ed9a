//! The local healing equations as formulas: [`percuta::healing::Equations`] and the chain of
//! [`percuta::healing::Step`], written once more. A test integrates them with another program and holds both to each other.

use super::math::{Math, above_zero, n, p, v};

/// A quantity that follows from others: identifier, unit, formula, meaning.
pub type Derived = (&'static str, &'static str, Math, &'static str);

/// A state: identifier, value in untreated tissue, rate of change per day, meaning.
pub type State = (&'static str, Math, Math, &'static str);

/// States that a session lyses: cells and matrix give way to clot.
pub const LYSED: [&str; 9] = [
    "fibroblasts",
    "primed",
    "myofibroblasts",
    "collagen_i_new",
    "collagen_iii_new",
    "collagen_i_mature",
    "collagen_iii_mature",
    "elastin",
    "original",
];

/// What depends on the parameters only.
pub fn constants() -> Vec<Derived> {
    let at_rest = |share: Math, loss: Math| share * loss.clone() * p("cross_linking") / (p("cross_linking") + loss);
    // Of resting skin's matrix as a whole, new and mature.
    let inflamed = |synthesis: &str, turnover: Math| {
        let new = v(synthesis) / p("cross_linking") * p("inflammatory_loss_new");
        let mature = v(synthesis) / (turnover.clone() * p("collagen_loss")) * p("inflammatory_loss_mature");
        turnover * (new + mature)
    };
    vec![
        (
            "rest_synthesis_i",
            "1/d",
            at_rest(n(1.0) - p("iii_share_rest"), p("collagen_loss")),
            "Synthesis of collagen I that keeps untreated skin at rest",
        ),
        (
            "rest_synthesis_iii",
            "1/d",
            at_rest(p("iii_share_rest"), p("iii_turnover") * p("collagen_loss")),
            "Synthesis of collagen III that keeps untreated skin at rest",
        ),
        ("rest_synthesis", "1/d", v("rest_synthesis_i") + v("rest_synthesis_iii"), "Synthesis of collagen at rest"),
        (
            "original_loss",
            "1/d",
            inflamed("rest_synthesis_i", n(1.0)) + inflamed("rest_synthesis_iii", p("iii_turnover")),
            "Loss of matrix of before the course at a macrophage signal of 1",
        ),
    ]
}

/// What depends on the states.
pub fn quantities() -> Vec<Derived> {
    let square = |x: Math| x.clone() * x;
    let saturating = |half: &str| square(v("tgf_beta")) / (square(v("tgf_beta")) + square(p(half)));
    let primed_synthesis = |share: Math| v("rest_synthesis") * p("primed_synthesis") * share;
    let myofibroblast_synthesis = |share: Math| v("rest_synthesis") * p("myofibroblast_synthesis") * share;
    let tgf_made = p("activated_share") * p("tgf_per_fibroblast") * p("fibroblasts") / p("tgf_decay");
    vec![
        ("macrophages", "1", (v("inflammatory") + v("reparative")) / p("macrophage_peak"), "Macrophage signal, 1 at the usual peak"),
        (
            "macrophages_around",
            "1",
            (v("reached_inflammatory") + v("reached_reparative")) / p("macrophage_peak"),
            "The same around this point, weighted by the share of its TGF-beta that diffuses here",
        ),
        (
            "tgf_beta",
            "ng/mL",
            v("macrophages_around") * p("tgf_per_macrophage") * p("macrophages_at_peak") / p("tgf_decay")
                + v("reached_clot") * p("tgf_platelets")
                + (v("myofibroblasts") + v("primed") * p("primed_tgf_share")) * tgf_made,
            "Active TGF-beta",
        ),
        ("priming", "1", saturating("priming_tgf"), "Share of the highest rate of priming"),
        ("contraction", "1", saturating("myofibroblast_tgf"), "Share of the highest rate of turning into myofibroblasts"),
        ("cells", "1", v("fibroblasts") + v("primed") + v("myofibroblasts"), "Fibroblasts of all kinds"),
        ("room", "1", above_zero(&(n(1.0) - v("cells") / p("crowding"))), "Room left to divide"),
        ("crowd_loss", "1/d", above_zero(&(v("cells") - n(1.0))) * p("overcrowding_loss"), "Loss of cells by overcrowding"),
        (
            "rest_source",
            "1/d",
            (n(1.0) - v("clot")) * above_zero(&(n(1.0) - v("cells"))) * p("migration_rate"),
            "Immigration of resting fibroblasts",
        ),
        (
            "primed_source",
            "1/d",
            v("priming") * v("room") * (v("fibroblasts") + v("primed")) * p("proliferation_rate"),
            "Division into primed fibroblasts",
        ),
        (
            "synthesis",
            "1",
            v("fibroblasts") + v("primed") * p("primed_synthesis") + v("myofibroblasts") * p("myofibroblast_synthesis"),
            "Synthesis of collagen relative to rest",
        ),
        (
            "synthesis_i",
            "1/d",
            v("fibroblasts") * v("rest_synthesis_i")
                + v("primed") * primed_synthesis(n(1.0) - p("iii_share_primed"))
                + v("myofibroblasts") * myofibroblast_synthesis(n(1.0) - p("iii_share_myofibroblast")),
            "Synthesis of collagen I",
        ),
        (
            "synthesis_iii",
            "1/d",
            v("fibroblasts") * v("rest_synthesis_iii")
                + v("primed") * primed_synthesis(p("iii_share_primed"))
                + v("myofibroblasts") * myofibroblast_synthesis(p("iii_share_myofibroblast")),
            "Synthesis of collagen III",
        ),
        ("new_loss", "1/d", v("macrophages") * p("inflammatory_loss_new"), "Loss of new collagen I"),
        ("mature_loss", "1/d", v("macrophages") * p("inflammatory_loss_mature") + p("collagen_loss"), "Loss of mature collagen I"),
    ]
}

/// Every state of a point of dermis.
pub fn states() -> Vec<State> {
    let none = || n(0.0);
    let alarm = |alarm: &str| -(p("alarm_decay") * v(alarm));
    let inflammatory = |alarm: &str, own: &str| p("alarm_decay") * v(alarm) - p("macrophage_turnover") * v(own);
    let reparative = |inflammatory: &str, own: &str| p("macrophage_turnover") * (v(inflammatory) - v(own));
    let clot = |own: &str| -(p("clot_decay") * v(own));
    let new = |synthesis: &str, loss: Math, own: &str| v(synthesis) - (loss + p("cross_linking")) * v(own);
    let mature = |new: &str, loss: Math, own: &str| p("cross_linking") * v(new) - loss * v(own);
    let rest_to_primed = || v("priming") * p("priming_rate") * v("fibroblasts");
    let primed_to_rest = || v("primed") / p("primed_lifetime");
    let primed_to_myo = || v("contraction") * p("myofibroblast_rate") * v("primed");
    let myo_to_primed = || p("myofibroblast_reversion") / p("myofibroblast_lifetime") * v("myofibroblasts");
    vec![
        ("alarm", none(), alarm("alarm"), "Alarm that still calls macrophages"),
        ("inflammatory", none(), inflammatory("alarm", "inflammatory"), "Inflammatory macrophages, in units of the alarm"),
        ("reparative", none(), reparative("inflammatory", "reparative"), "Reparative macrophages, in units of the alarm"),
        ("clot", none(), clot("clot"), "Clot and lysed tissue, as a share"),
        (
            "reached_alarm",
            none(),
            alarm("reached_alarm"),
            "Alarm around this point, weighted by the share of its TGF-beta that diffuses here",
        ),
        (
            "reached_inflammatory",
            none(),
            inflammatory("reached_alarm", "reached_inflammatory"),
            "Inflammatory macrophages around this point, weighted likewise",
        ),
        (
            "reached_reparative",
            none(),
            reparative("reached_inflammatory", "reached_reparative"),
            "Reparative macrophages around this point, weighted likewise",
        ),
        ("reached_clot", none(), clot("reached_clot"), "Clot around this point, weighted likewise"),
        (
            "fibroblasts",
            n(1.0),
            v("rest_source") - rest_to_primed() - v("crowd_loss") * v("fibroblasts") + primed_to_rest(),
            "Resting fibroblasts, relative to untreated skin",
        ),
        (
            "primed",
            none(),
            v("primed_source") + rest_to_primed() - primed_to_rest() - primed_to_myo() - v("crowd_loss") * v("primed") + myo_to_primed(),
            "Primed, matrix-making fibroblasts",
        ),
        (
            "myofibroblasts",
            none(),
            primed_to_myo() - v("myofibroblasts") / p("myofibroblast_lifetime"),
            "Myofibroblasts; some turn back, the others die",
        ),
        (
            "collagen_i_new",
            v("rest_synthesis_i") / p("cross_linking"),
            new("synthesis_i", v("new_loss"), "collagen_i_new"),
            "Collagen I without mature cross-links, relative to all collagen of untreated skin",
        ),
        (
            "collagen_iii_new",
            v("rest_synthesis_iii") / p("cross_linking"),
            new("synthesis_iii", v("new_loss") * p("iii_turnover"), "collagen_iii_new"),
            "Collagen III without mature cross-links",
        ),
        (
            "collagen_i_mature",
            v("rest_synthesis_i") / p("collagen_loss"),
            mature("collagen_i_new", v("mature_loss"), "collagen_i_mature"),
            "Cross-linked collagen I",
        ),
        (
            "collagen_iii_mature",
            v("rest_synthesis_iii") / (p("iii_turnover") * p("collagen_loss")),
            mature("collagen_iii_new", v("mature_loss") * p("iii_turnover"), "collagen_iii_mature"),
            "Cross-linked collagen III",
        ),
        (
            "elastin",
            n(1.0),
            p("elastin_response")
                * (v("primed") * p("elastin_primed") + v("myofibroblasts") * p("elastin_myofibroblast")
                    - (v("macrophages") * p("elastin_inflammatory_loss") + p("elastin_loss")) * v("elastin")),
            "Elastin, relative to untreated skin",
        ),
        (
            "original",
            n(1.0),
            -(v("macrophages") * v("original_loss") * v("original")),
            "Matrix of before the course that no session has cut and no inflammation dissolved",
        ),
    ]
}
