//! Formulas as MathML, put together with the ordinary operators.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A formula.
#[derive(Debug, Clone)]
pub struct Math(String);

impl Math {
    /// The MathML of the formula, with its namespaces.
    pub fn element(&self) -> String {
        format!(
            "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" xmlns:sbml=\"http://www.sbml.org/sbml/level3/version1/core\">{}</math>",
            self.0
        )
    }
}

/// A variable of the model.
pub fn v(id: &str) -> Math {
    Math(format!("<ci>{id}</ci>"))
}

/// A parameter card of `healing.toml`.
pub fn p(name: &str) -> Math {
    v(&card_id(name))
}

/// The identifier of a card of `healing.toml`; a point cannot stand in an identifier.
pub fn card_id(name: &str) -> String {
    format!("healing_{name}")
}

/// A pure number.
pub fn n(x: f64) -> Math {
    Math(format!("<cn sbml:units=\"dimensionless\">{x}</cn>"))
}

/// Days since the first session.
pub fn time() -> Math {
    Math("<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\">time</csymbol>".into())
}

/// The larger of a pure number and 0.
pub fn above_zero(x: &Math) -> Math {
    let (x, zero) = (&x.0, n(0.0).0);
    Math(format!("<piecewise><piece>{x}<apply><gt/>{x}{zero}</apply></piece><otherwise>{zero}</otherwise></piecewise>"))
}

/// That one is not less than the other.
pub fn at_least(a: &Math, b: &Math) -> Math {
    apply("geq", a, b)
}

fn apply(operation: &str, a: &Math, b: &Math) -> Math {
    Math(format!("<apply><{operation}/>{}{}</apply>", a.0, b.0))
}

impl Add for Math {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        apply("plus", &self, &other)
    }
}

impl Sub for Math {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        apply("minus", &self, &other)
    }
}

impl Mul for Math {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        apply("times", &self, &other)
    }
}

impl Div for Math {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        apply("divide", &self, &other)
    }
}

impl Neg for Math {
    type Output = Self;

    fn neg(self) -> Self {
        Self(format!("<apply><minus/>{}</apply>", self.0))
    }
}
