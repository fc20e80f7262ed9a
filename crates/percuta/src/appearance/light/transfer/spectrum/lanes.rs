//! Values of several wavelengths side by side.

use std::ops::{Add, Div, Mul, Neg, Sub};

use pulp::Simd;

/// A vector with its instruction set.
#[derive(Clone, Copy)]
pub(super) struct Lanes<S: Simd> {
    simd: S,
    values: S::f64s,
}

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    pub(super) fn new(simd: S, values: S::f64s) -> Self {
        Self { simd, values }
    }

    #[inline(always)]
    pub(super) fn splat(simd: S, value: f64) -> Self {
        Self { simd, values: simd.splat_f64s(value) }
    }

    #[inline(always)]
    pub(super) fn simd(self) -> S {
        self.simd
    }

    /// The same value in all lanes of a vector like this one.
    #[inline(always)]
    pub(super) fn with(self, value: f64) -> Self {
        Self::splat(self.simd, value)
    }

    #[inline(always)]
    pub(super) fn values(self) -> S::f64s {
        self.values
    }

    #[inline(always)]
    pub(super) fn max(self, other: Self) -> Self {
        Self { values: self.simd.max_f64s(self.values, other.values), ..self }
    }

    #[inline(always)]
    pub(super) fn abs(self) -> Self {
        Self { values: self.simd.abs_f64s(self.values), ..self }
    }

    /// The largest of the lanes.
    #[inline(always)]
    pub(super) fn largest(self) -> f64 {
        self.simd.reduce_max_f64s(self.values)
    }
}

/// An operator of two vectors, and of a vector and a number.
macro_rules! operator {
    ($trait:ident, $method:ident, $of:ident) => {
        impl<S: Simd> $trait for Lanes<S> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self { values: self.simd.$of(self.values, other.values), ..self }
            }
        }

        impl<S: Simd> $trait<f64> for Lanes<S> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: f64) -> Self {
                self.$method(self.with(other))
            }
        }
    };
}

operator!(Add, add, add_f64s);
operator!(Sub, sub, sub_f64s);
operator!(Mul, mul, mul_f64s);
operator!(Div, div, div_f64s);

impl<S: Simd> Neg for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self { values: self.simd.neg_f64s(self.values), ..self }
    }
}
