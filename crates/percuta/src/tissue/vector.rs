//! Running a loop on the widest vectors that this machine has.

use pulp::{Arch, NullaryFnOnce, WithSimd};

/// An instruction set chosen when the program runs.
///
/// Loops are written plainly and contain no fused multiply-add, so what they compute does not depend on it.
#[derive(Clone, Copy)]
pub(crate) struct Vector(Arch);

impl Vector {
    pub(crate) fn detect() -> Self {
        Self(Arch::new())
    }

    /// Two lanes or one: what every machine has.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self(Arch::Scalar)
    }

    /// Runs `work`. It must be marked `#[inline(always)]`, and all it calls: only then is it compiled for this set.
    #[inline(always)]
    pub(crate) fn run<R>(self, work: impl FnMut() -> R) -> R {
        self.0.dispatch(Inlined(work))
    }

    /// Runs a loop written in explicit vectors.
    #[inline(always)]
    pub(crate) fn run_simd<W: WithSimd>(self, work: W) -> W::Output {
        self.0.dispatch(work)
    }
}

/// A closure called by reference: called by value it would go through a shim that is not inlined.
struct Inlined<F>(F);

impl<R, F: FnMut() -> R> NullaryFnOnce for Inlined<F> {
    type Output = R;

    #[inline(always)]
    fn call(mut self) -> R {
        (self.0)()
    }
}
