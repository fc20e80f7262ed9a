//! Sharing out a field: whole layers, or the same columns of all layers.
//!
//! Every piece is computed alone and in one order, so the bytes do not depend on the number of threads.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

/// Below this number of values a field is done on the calling thread: a member of an ensemble already
/// runs beside its neighbours, and waking threads costs more than they bring.
pub(super) const PARALLEL_VALUES: usize = 1 << 18;

/// Shares in which a parallel region is cut, for each thread.
const SHARES_PER_THREAD: usize = 4;

/// Threads that a field of `values` values is shared among.
pub(super) fn threads_for(values: usize) -> usize {
    if values < PARALLEL_VALUES { 1 } else { rayon::current_num_threads() }
}

/// Scratch memory, one piece per thread of the pool, made once.
pub(super) struct Scratch<S> {
    pieces: Vec<Mutex<S>>,
}

impl<S> Scratch<S> {
    pub(super) fn new() -> Self {
        Self { pieces: Vec::new() }
    }

    /// Makes the pieces that are missing: all at the first call, none later unless the pool grew.
    pub(super) fn provide(&mut self, threads: usize, make: impl Fn() -> S) {
        while self.pieces.len() < threads {
            self.pieces.push(Mutex::new(make()));
        }
    }

    /// Runs `work` with the piece of this thread. Locks never wait: `work` must not enter rayon again.
    pub(super) fn with<R>(&self, work: impl FnOnce(&mut S) -> R) -> R {
        let thread = if self.pieces.len() > 1 { rayon::current_thread_index().unwrap_or(0) } else { 0 };
        work(&mut self.pieces[thread].lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Does `work(layer, plane, scratch)` for every layer of `field`.
pub(super) fn for_each_plane<S: Send>(
    field: &mut [f64],
    plane: usize,
    scratch: &Scratch<S>,
    work: impl Fn(usize, &mut [f64], &mut S) + Sync,
) {
    if threads_for(field.len()) == 1 {
        scratch.with(|s| field.chunks_exact_mut(plane).enumerate().for_each(|(l, p)| work(l, p, s)));
    } else {
        field.par_chunks_exact_mut(plane).enumerate().for_each(|(l, p)| scratch.with(|s| work(l, p, s)));
    }
}

/// Does `work(row, values)` for every piece of `row` values of a field.
pub(super) fn for_each_row<T: Send>(values: &mut [T], row: usize, parallel: bool, work: impl Fn(usize, &mut [T]) + Sync) {
    if parallel {
        values.par_chunks_exact_mut(row).enumerate().for_each(|(y, row)| work(y, row));
    } else {
        values.chunks_exact_mut(row).enumerate().for_each(|(y, row)| work(y, row));
    }
}

/// Does `work(row, a, b)` for every piece of two fields, whose pieces have `rows` values.
pub(super) fn for_each_pair<T: Send, U: Send>(
    (a, b): (&mut [T], &mut [U]),
    rows: [usize; 2],
    parallel: bool,
    work: impl Fn(usize, &mut [T], &mut [U]) + Sync,
) {
    if parallel {
        let pairs = a.par_chunks_exact_mut(rows[0]).zip(b.par_chunks_exact_mut(rows[1]));
        pairs.enumerate().for_each(|(y, (a, b))| work(y, a, b));
    } else {
        a.chunks_exact_mut(rows[0]).zip(b.chunks_exact_mut(rows[1])).enumerate().for_each(|(y, (a, b))| work(y, a, b));
    }
}

/// An empty list of column shares that keeps its memory between calls.
pub(super) type Shares = Vec<&'static mut [f64]>;

/// Does `work(first, columns, scratch)` for shares of the columns of a plane: `columns[layer]` holds the same
/// columns of every layer, from number `first` on. Shares begin at multiples of `tile`.
pub(super) fn for_each_column_share<S: Send>(
    field: &mut [f64],
    plane: usize,
    tile: usize,
    memory: &mut Shares,
    scratch: &Scratch<S>,
    work: impl Fn(usize, &mut [&mut [f64]], &mut S) + Sync,
) {
    let (layers, threads) = (field.len() / plane, threads_for(field.len()));
    let tiles = plane.div_ceil(tile);
    let width = if threads == 1 { plane } else { tiles.div_ceil(threads * SHARES_PER_THREAD) * tile };
    let mut shares = std::mem::take(memory);
    shares.resize_with(plane.div_ceil(width) * layers, Default::default);
    for (l, values) in field.chunks_exact_mut(plane).enumerate() {
        for (s, columns) in values.chunks_mut(width).enumerate() {
            shares[s * layers + l] = columns;
        }
    }
    if threads == 1 {
        scratch.with(|s| work(0, &mut shares, s));
    } else {
        shares.par_chunks_exact_mut(layers).enumerate().for_each(|(i, columns)| scratch.with(|s| work(i * width, columns, s)));
    }
    // The emptied list outlives the borrow of the field; collecting in place keeps its memory.
    shares.clear();
    *memory = shares.into_iter().map(|_| Default::default()).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_comes_once_and_the_list_keeps_its_memory() {
        let mut field: Vec<f64> = (0..3 * 50).map(f64::from).collect();
        let (mut memory, mut scratch) = (Shares::new(), Scratch::new());
        scratch.provide(1, || 0usize);
        for round in 0..3 {
            let before = memory.capacity();
            for_each_column_share(&mut field, 50, 8, &mut memory, &scratch, |_, columns, calls| {
                columns.iter_mut().for_each(|c| c.iter_mut().for_each(|v| *v += 1.0));
                *calls += 1;
            });
            assert!(memory.is_empty() && memory.capacity() >= 3 && (round == 0 || memory.capacity() == before));
        }
        assert_eq!(field, (3..153).map(f64::from).collect::<Vec<_>>());
    }
}
