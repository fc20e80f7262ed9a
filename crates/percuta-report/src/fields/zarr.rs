//! The Zarr v3 store: metadata, coordinates and chunks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use percuta::healing::patch::{FIELDS, PatchFields};
use percuta::tissue::Grid;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::FieldMeta;
use super::deflate::{self, DeflatedLayer};
use super::disk;
use crate::error::ReportError;

/// Most bytes of a chunk before compression: small enough to read a part of a block, large enough that files stay few.
const CHUNK_BYTES: usize = 2 << 20;

/// Arrays with one number for each visit.
const BY_VISIT: [&str; 3] = ["time", "since_session", "epidermal_wound"];
/// Thickness of the epidermis, `[time, y, x]`.
const EPIDERMIS: &str = "epidermis_factor";

/// The store of one run.
#[derive(Debug)]
pub struct ZarrStore {
    root: PathBuf,
    grid: Grid,
    first_dermal_layer: usize,
    meta: FieldMeta,
    /// Layers in a chunk.
    slab: usize,
}

/// What the metadata of an array says.
struct Array {
    name: &'static str,
    /// Name, length and chunk length of each dimension.
    dimensions: Vec<(&'static str, usize, usize)>,
    data_type: &'static str,
    gzip: bool,
    attributes: Value,
}

impl ZarrStore {
    /// The store in the folder `dir`. Nothing is read or written yet.
    pub fn new(dir: &Path, grid: &Grid, first_dermal_layer: usize, meta: &FieldMeta) -> Self {
        let layers = grid.layers().max(1);
        let most = (CHUNK_BYTES / (grid.plane().max(1) * size_of::<f32>())).max(1);
        // Evenly filled chunks: the last one is padded to full length.
        let slab = layers.div_ceil(layers.div_ceil(most));
        Self { root: dir.join("fields.zarr"), grid: grid.clone(), first_dermal_layer, meta: meta.clone(), slab }
    }

    /// The days that a reader of the group sees; none if there is no group yet.
    pub fn committed_days(&self) -> Result<Option<Vec<f64>>, ReportError> {
        let path = self.group_path();
        let bytes = match fs::read(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(disk::unread(&path))?,
        };
        let foreign = |what: &str| ReportError::ForeignFields { path: path.clone(), reason: what.to_owned() };
        let found: Value = serde_json::from_slice(&bytes).map_err(|_| foreign("it is not JSON"))?;
        for (key, name) in [("percuta_version", "another version of Percuta"), ("course", "another course"), ("seed", "another seed")] {
            if found["attributes"][key] != self.attributes()[key] {
                return Err(foreign(&format!("it is of {name}")));
            }
        }
        let length = found["consolidated_metadata"]["metadata"]["time"]["shape"][0].as_u64().map_or(0, |n| n as usize);
        let same_block = self
            .coordinates()
            .into_iter()
            .all(|(name, values)| fs::read(self.chunk_path(name, &[0])).is_ok_and(|bytes| bytes == little_endian(&values)));
        // As text, which numbers survive exactly.
        if bytes != text(&self.group(length)) || !same_block {
            return Err(foreign("it is of another block or was changed"));
        }
        let days = (0..length).map(|i| {
            let path = self.chunk_path("time", &[i]);
            let bytes = fs::read(&path).map_err(disk::unread(&path))?;
            let bytes = bytes.try_into().map_err(|_| foreign("its time axis is damaged"))?;
            Ok(f64::from_le_bytes(bytes))
        });
        days.collect::<Result<_, _>>().map(Some)
    }

    /// Writes what does not change: the coordinates of the block.
    pub fn write_fixed(&self) -> Result<(), ReportError> {
        self.coordinates().into_iter().try_for_each(|(name, values)| disk::write(&self.chunk_path(name, &[0]), &little_endian(&values)))
    }

    /// Writes one field of the visit at `index`, from its layers.
    pub fn write_field(&self, index: usize, field: usize, layers: &[DeflatedLayer]) -> Result<(), ReportError> {
        let missing = layers.len().next_multiple_of(self.slab) - layers.len();
        let padding = if missing > 0 { Some(deflate::layer(&vec![f32::NAN; self.grid.plane()])?) } else { None };
        layers.par_chunks(self.slab).enumerate().try_for_each(|(chunk, layers)| {
            let padding = padding.iter().cycle().take(self.slab - layers.len());
            disk::write(&self.chunk_path(FIELDS[field].key, &[index, chunk, 0, 0]), &deflate::gzip(layers.iter().chain(padding)))
        })
    }

    /// Writes what is not a field of the visit at `index`.
    pub fn write_visit(&self, index: usize, fields: &PatchFields, epidermis: &DeflatedLayer) -> Result<(), ReportError> {
        disk::write(&self.chunk_path(EPIDERMIS, &[index, 0, 0]), &deflate::gzip([epidermis].into_iter()))?;
        let values = [fields.day, fields.since_session.unwrap_or(f64::NAN), f64::from(fields.epidermal_wound)];
        let chunks = BY_VISIT.iter().zip(values);
        chunks.into_iter().try_for_each(|(name, value)| disk::write(&self.chunk_path(name, &[index]), &little_endian(&[value])))
    }

    /// Writes the metadata of every array for so many visits.
    pub fn write_lengths(&self, visits: usize) -> Result<(), ReportError> {
        self.arrays(visits).into_iter().try_for_each(|array| {
            let path = self.root.join(array.name).join("zarr.json");
            disk::write(&path, &text(&array.json()))
        })
    }

    /// Writes the group with the metadata of every array, all at once: from now on a reader sees so many visits.
    pub fn commit(&self, visits: usize) -> Result<(), ReportError> {
        disk::write(&self.group_path(), &text(&self.group(visits)))
    }

    /// Removes what belongs to visits beyond the first `visits`, and unfinished files.
    pub fn sweep(&self, visits: usize) -> Result<(), ReportError> {
        disk::sweep(&self.root, |_| false)?;
        for array in self.arrays(visits) {
            let (folder, by_visit) = (self.root.join(array.name), array.dimensions[0].0 == "time");
            disk::sweep(&folder, |_| false)?;
            let chunks = folder.join("c");
            disk::sweep(&chunks, |name| by_visit && name.parse::<usize>().is_ok_and(|i| i >= visits))?;
            // Levels of folders below the first index; the innermost holds the files.
            let mut folders = vec![chunks];
            for _ in 1..array.dimensions.len() {
                folders = folders.iter().flat_map(|f| fs::read_dir(f).into_iter().flatten().flatten().map(|e| e.path())).collect();
                folders.iter().try_for_each(|folder| disk::sweep(folder, |_| false))?;
            }
        }
        Ok(())
    }

    fn group_path(&self) -> PathBuf {
        self.root.join("zarr.json")
    }

    fn chunk_path(&self, array: &str, index: &[usize]) -> PathBuf {
        index.iter().fold(self.root.join(array).join("c"), |path, i| path.join(i.to_string()))
    }

    /// The coordinates that are the same for all visits.
    fn coordinates(&self) -> [(&'static str, Vec<f64>); 4] {
        let across: Vec<f64> = (0..self.grid.n).map(|i| (i as f64 + 0.5) * self.grid.spacing_um).collect();
        let depth = (0..self.grid.layers()).map(|layer| self.grid.depth_um(layer)).collect();
        [("z", depth), ("z_edges", self.grid.depth_edges_um.clone()), ("y", across.clone()), ("x", across)]
    }

    fn attributes(&self) -> Value {
        json!({
            "title": "Fields of a block of skin after micro-needling, computed by Percuta",
            "percuta_version": self.meta.version,
            "course": self.meta.course,
            "seed": self.meta.seed,
            "first_dermal_layer": self.first_dermal_layer,
            "spacing_um": self.grid.spacing_um,
            "comment": "The block is periodic in x and y; z is the depth below the skin surface. The layers before \
                        first_dermal_layer are stratum corneum and epidermis, where the fields are NaN. Time is counted from the first session. A model result, for research; not a measurement.",
        })
    }

    fn group(&self, visits: usize) -> Value {
        let arrays: Map<String, Value> = self.arrays(visits).iter().map(|a| (a.name.to_owned(), a.json())).collect();
        json!({
            "zarr_format": 3,
            "node_type": "group",
            "attributes": self.attributes(),
            "consolidated_metadata": { "kind": "inline", "must_understand": false, "metadata": arrays },
        })
    }

    /// Every array of a store with so many visits.
    fn arrays(&self, visits: usize) -> Vec<Array> {
        let (n, layers) = (self.grid.n, self.grid.layers());
        let time = ("time", visits, 1);
        let axis = |name, length, attributes| Array {
            name,
            dimensions: vec![(name, length, length)],
            data_type: "float64",
            gzip: false,
            attributes,
        };
        let by_visit = |name, attributes| Array { name, dimensions: vec![time], data_type: "float64", gzip: false, attributes };
        // `d` and not `days`: xarray would turn those into dates.
        let [day, since, wound] = BY_VISIT;
        let mut arrays = vec![
            by_visit(day, json!({ "long_name": "Day of the visit, counted from the first session", "units": "d", "axis": "T" })),
            by_visit(since, json!({ "long_name": "Days since the last session, NaN before the first", "units": "d" })),
            by_visit(wound, json!({ "long_name": "Open share of the epidermal wound of the latest session", "units": "1" })),
            axis("z", layers, json!({ "long_name": "Depth of the middle of the layer", "units": "um", "axis": "Z", "positive": "down" })),
            axis("z_edges", layers + 1, json!({ "long_name": "Depth of the borders of the layers", "units": "um", "positive": "down" })),
            axis("y", n, json!({ "long_name": "Middle of the column in y", "units": "um", "axis": "Y" })),
            axis("x", n, json!({ "long_name": "Middle of the column in x", "units": "um", "axis": "X" })),
            Array {
                name: EPIDERMIS,
                dimensions: vec![time, ("y", n, n), ("x", n, n)],
                data_type: "float32",
                gzip: true,
                attributes: json!({ "long_name": "Thickness of the viable epidermis relative to baseline", "units": "1" }),
            },
        ];
        arrays.extend(FIELDS.iter().map(|field| Array {
            name: field.key,
            dimensions: vec![time, ("z", layers, self.slab), ("y", n, n), ("x", n, n)],
            data_type: "float32",
            gzip: true,
            attributes: json!({ "long_name": field.name, "units": field.unit, "description": field.meaning }),
        }));
        arrays
    }
}

impl Array {
    fn json(&self) -> Value {
        let mut codecs = vec![json!({ "name": "bytes", "configuration": { "endian": "little" } })];
        if self.gzip {
            codecs.push(json!({ "name": "gzip", "configuration": { "level": deflate::LEVEL } }));
        }
        json!({
            "zarr_format": 3,
            "node_type": "array",
            "shape": self.dimensions.iter().map(|d| d.1).collect::<Vec<_>>(),
            "data_type": self.data_type,
            "chunk_grid": { "name": "regular", "configuration": { "chunk_shape": self.dimensions.iter().map(|d| d.2).collect::<Vec<_>>() } },
            "chunk_key_encoding": { "name": "default", "configuration": { "separator": "/" } },
            "fill_value": "NaN",
            "codecs": codecs,
            "attributes": self.attributes,
            "dimension_names": self.dimensions.iter().map(|d| d.0).collect::<Vec<_>>(),
            "storage_transformers": [],
        })
    }
}

fn text(json: &Value) -> Vec<u8> {
    format!("{json:#}\n").into_bytes()
}

fn little_endian(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}
