//! Small matrices of each lane, of an even size up to 8 that is known when compiled.
//!
//! All of a stack's matrices stay in the first cache, and sums in registers. A closure would not be compiled for the instruction set
//! of its caller, and a matrix that is copied becomes a call of the system's copying: there are neither. Nor is anything fused, so that
//! results do not depend on the instruction set.

use std::ops::{Index, IndexMut};

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;

/// A square matrix by rows, at the start of a line of the cache.
#[repr(align(64))]
pub(super) struct Square<S: Simd, const N: usize>([[Lanes<S>; N]; N]);

impl<S: Simd, const N: usize> Square<S, N> {
    #[inline(always)]
    pub(super) fn filled(with: Lanes<S>) -> Self {
        Self([[with; N]; N])
    }

    #[inline(always)]
    fn simd(&self) -> S {
        self.0[0][0].simd()
    }
}

impl<S: Simd, const N: usize> Index<usize> for Square<S, N> {
    type Output = [Lanes<S>; N];

    #[inline(always)]
    fn index(&self, row: usize) -> &[Lanes<S>; N] {
        &self.0[row]
    }
}

impl<S: Simd, const N: usize> IndexMut<usize> for Square<S, N> {
    #[inline(always)]
    fn index_mut(&mut self, row: usize) -> &mut [Lanes<S>; N] {
        &mut self.0[row]
    }
}

/// Repeats a block for each index below the size, written out: what it indexes can then be in registers.
macro_rules! each {
    ($i:ident below $n:ident, $body:block) => { each!(@ $i $n $body 0 1 2 3 4 5 6 7) };
    ($i:ident back from $n:ident, $body:block) => { each!(@ $i $n $body 7 6 5 4 3 2 1 0) };
    (@ $i:ident $n:ident $body:block $($k:literal)*) => { $({ let $i: usize = $k; if $i < $n $body })* };
}

/// A function of matrices that is called. All of them in line do not fit the cache of instructions.
macro_rules! called {
    ($(#[$about:meta])* fn $name:ident($first:ident: $type:ty $(, $other:ident: $of:ty)*) $body:block) => {
        $(#[$about])*
        #[inline(always)]
        pub(super) fn $name<'a, S: Simd, const N: usize>($first: $type $(, $other: $of)*) {
            struct Call<'a, S: Simd, const N: usize>($type $(, $of)*);

            impl<'a, S: Simd, const N: usize> WithSimd for Call<'a, S, N> {
                type Output = ();

                #[inline(always)]
                fn with_simd<T: Simd>(self, _: T) {
                    let Self($first $(, $other)*) = self;
                    $body
                }
            }

            $first.simd().vectorize(Call($first $(, $other)*));
        }
    };
}

called! {
    /// `c = a b`.
    fn multiply(a: &'a Square<S, N>, b: &'a Square<S, N>, c: &'a mut Square<S, N>) {
        for i in (0..N).step_by(2) {
            for j in (0..N).step_by(2) {
                put(tile(a, b, i, j), c, i, j);
            }
        }
    }
}

called! {
    /// `c = a b` if that is known to be symmetric.
    fn multiply_symmetric(a: &'a Square<S, N>, b: &'a Square<S, N>, c: &'a mut Square<S, N>) {
        for i in (0..N).step_by(2) {
            for j in (0..=i).step_by(2) {
                put_twice(tile(a, b, i, j), c, i, j);
            }
        }
    }
}

called! {
    /// `x = a⁻¹ b` by elimination without exchange of rows, for `a` with a positive definite symmetric part; `a` is lost.
    fn solve(a: &'a mut Square<S, N>, b: &'a Square<S, N>, x: &'a mut Square<S, N>) {
        each!(k below N, {
            let inverse = a[k][k].with(1.0) / a[k][k];
            a[k][k] = inverse;
            each!(i below N, {
                if i > k {
                    let factor = a[i][k] * inverse;
                    a[i][k] = factor;
                    each!(j below N, {
                        if j > k {
                            a[i][j] = a[i][j] - factor * a[k][j];
                        }
                    });
                }
            });
        });
        for j in (0..N).step_by(2) {
            let mut y = [[b[0][j], b[0][j + 1]]; N];
            each!(i below N, {
                y[i] = [b[i][j], b[i][j + 1]];
            });
            each!(k below N, {
                each!(i below N, {
                    if i > k {
                        y[i] = [y[i][0] - a[i][k] * y[k][0], y[i][1] - a[i][k] * y[k][1]];
                    }
                });
            });
            each!(k back from N, {
                y[k] = [y[k][0] * a[k][k], y[k][1] * a[k][k]];
                each!(i below N, {
                    if i < k {
                        y[i] = [y[i][0] - a[i][k] * y[k][0], y[i][1] - a[i][k] * y[k][1]];
                    }
                });
            });
            each!(i below N, {
                [x[i][j], x[i][j + 1]] = y[i];
            });
        }
    }
}

called! {
    /// `x = (1 + a)⁻¹` for `a` symmetric without negative eigenvalues, by sweeping one row after the other.
    fn invert_one_plus(a: &'a Square<S, N>, x: &'a mut Square<S, N>) {
        each!(i below N, {
            each!(j below N, {
                if j < i {
                    x[i][j] = a[i][j];
                }
            });
            x[i][i] = a[i][i] + 1.0;
        });
        each!(k below N, {
            let inverse = x[k][k].with(1.0) / x[k][k];
            // Row k, of which only the half below the diagonal is there.
            let mut row = [inverse; N];
            each!(i below N, {
                if i != k {
                    row[i] = if i > k { x[i][k] } else { x[k][i] };
                }
            });
            each!(i below N, {
                if i != k {
                    let factor = row[i] * inverse;
                    each!(j below N, {
                        if j <= i && j != k {
                            x[i][j] = x[i][j] - factor * row[j];
                        }
                    });
                    if i > k {
                        x[i][k] = factor;
                    } else {
                        x[k][i] = factor;
                    }
                }
            });
            x[k][k] = -inverse;
        });
        each!(i below N, {
            each!(j below N, {
                if j <= i {
                    let value = -x[i][j];
                    (x[i][j], x[j][i]) = (value, value);
                }
            });
        });
    }
}

/// Rows i and i + 1 of `a` times columns j and j + 1 of `b`: four sums at once, so that none has to be waited for.
#[inline(always)]
pub(super) fn tile<S: Simd, const N: usize>(a: &Square<S, N>, b: &Square<S, N>, i: usize, j: usize) -> [Lanes<S>; 4] {
    let mut sum = [a[i][0] * b[0][j], a[i][0] * b[0][j + 1], a[i + 1][0] * b[0][j], a[i + 1][0] * b[0][j + 1]];
    each!(k below N, {
        if k > 0 {
            sum[0] = sum[0] + a[i][k] * b[k][j];
            sum[1] = sum[1] + a[i][k] * b[k][j + 1];
            sum[2] = sum[2] + a[i + 1][k] * b[k][j];
            sum[3] = sum[3] + a[i + 1][k] * b[k][j + 1];
        }
    });
    sum
}

/// Puts a tile where it belongs.
#[inline(always)]
fn put<S: Simd, const N: usize>(tile: [Lanes<S>; 4], c: &mut Square<S, N>, i: usize, j: usize) {
    [c[i][j], c[i][j + 1]] = [tile[0], tile[1]];
    [c[i + 1][j], c[i + 1][j + 1]] = [tile[2], tile[3]];
}

/// Puts a tile where it belongs, and what mirrors it on the other side of the diagonal.
#[inline(always)]
pub(super) fn put_twice<S: Simd, const N: usize>(tile: [Lanes<S>; 4], c: &mut Square<S, N>, i: usize, j: usize) {
    put([tile[0], tile[2], tile[1], tile[3]], c, j, i);
    put(tile, c, i, j);
}

/// A symmetric positive definite matrix as `l d lᵀ`, with ones on the diagonal of `l`: below the diagonal `l`, on it `1/d`.
pub(super) struct Factors<S: Simd, const N: usize>(Square<S, N>);

impl<S: Simd, const N: usize> Factors<S, N> {
    #[inline(always)]
    pub(super) fn new(zero: Lanes<S>) -> Self {
        Self(Square::filled(zero))
    }

    /// Those of `1 + scale a`, of which the lower half is read.
    #[inline(always)]
    pub(super) fn of_one_plus(&mut self, scale: f64, a: &Square<S, N>) {
        let l = &mut self.0;
        each!(i below N, {
            each!(j below N, {
                if j < i {
                    l[i][j] = a[i][j] * scale;
                }
            });
            l[i][i] = a[i][i] * scale + 1.0;
        });
        each!(k below N, {
            let inverse = l[k][k].with(1.0) / l[k][k];
            l[k][k] = inverse;
            each!(i below N, {
                if i > k {
                    let factor = l[i][k] * inverse;
                    each!(j below N, {
                        if j > k && j <= i {
                            l[i][j] = l[i][j] - factor * l[j][k];
                        }
                    });
                }
            });
            each!(i below N, {
                if i > k {
                    l[i][k] = l[i][k] * inverse;
                }
            });
        });
    }

    /// `v = (l⁻¹ t)ᵀ` and `w = d⁻¹ l⁻¹ t`, whose product is `tᵀ (l d lᵀ)⁻¹ t`.
    #[inline(always)]
    pub(super) fn halves(&self, t: &Square<S, N>, v: &mut Square<S, N>, w: &mut Square<S, N>) {
        let l = &self.0;
        for j in (0..N).step_by(2) {
            let mut y = [[t[0][j], t[0][j + 1]]; N];
            each!(i below N, {
                y[i] = [t[i][j], t[i][j + 1]];
            });
            each!(k below N, {
                each!(i below N, {
                    if i > k {
                        y[i] = [y[i][0] - l[i][k] * y[k][0], y[i][1] - l[i][k] * y[k][1]];
                    }
                });
            });
            each!(i below N, {
                [v[j][i], v[j + 1][i]] = y[i];
                [w[i][j], w[i][j + 1]] = [y[i][0] * l[i][i], y[i][1] * l[i][i]];
            });
        }
    }

    /// `(l d lᵀ)⁻¹ x`.
    #[inline(always)]
    pub(super) fn solve(&self, mut x: [Lanes<S>; N]) -> [Lanes<S>; N] {
        let l = &self.0;
        each!(k below N, {
            each!(i below N, {
                if i > k {
                    x[i] = x[i] - l[i][k] * x[k];
                }
            });
        });
        each!(k back from N, {
            x[k] = x[k] * l[k][k];
            each!(i below N, {
                if i > k {
                    x[k] = x[k] - l[i][k] * x[i];
                }
            });
        });
        x
    }
}
