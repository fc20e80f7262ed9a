//! The VTK files: a compressed XML rectilinear grid for each visit, and the list of them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use percuta::healing::patch::FIELDS;
use percuta::tissue::Grid;

use super::FieldMeta;
use super::deflate::DeflatedLayer;
use super::disk;
use crate::error::ReportError;

/// Room for the place of an array, which is known only after everything before it has been compressed.
const OFFSET_ROOM: usize = 30;

/// The VTK files of one run.
#[derive(Debug)]
pub struct VtkFiles {
    dir: PathBuf,
    cells: [usize; 3],
    /// Edges of the cells along x and y and along z, µm.
    coordinates: [String; 2],
    /// Bytes of a layer of one field.
    plane_bytes: usize,
    first_dermal_layer: usize,
    meta: FieldMeta,
}

/// The file of one visit while it is being written.
#[derive(Debug)]
pub struct VtrFile {
    path: PathBuf,
    file: BufWriter<File>,
    plane_bytes: usize,
    /// Where the room for the place of each array is.
    rooms: Vec<u64>,
    /// Places of the arrays written so far, from the start of the data.
    places: Vec<u64>,
    position: u64,
    data_start: u64,
}

impl VtkFiles {
    /// The files in the folder `dir`. Nothing is read or written yet.
    pub fn new(dir: &Path, grid: &Grid, first_dermal_layer: usize, meta: &FieldMeta) -> Self {
        let across = numbers((0..=grid.n).map(|i| i as f64 * grid.spacing_um));
        // VTK wants increasing coordinates: from the deepest edge up to the surface. Not -depth, which would make -0.
        let up = numbers(grid.depth_edges_um.iter().rev().map(|depth| 0.0 - depth));
        Self {
            dir: dir.to_owned(),
            cells: [grid.n, grid.n, grid.layers()],
            coordinates: [across, up],
            plane_bytes: grid.plane() * size_of::<f32>(),
            first_dermal_layer,
            meta: meta.clone(),
        }
    }

    /// Writes the list of visits.
    pub fn write_series(&self, days: &[f64]) -> Result<(), ReportError> {
        let mut text =
            "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n<Collection>\n".to_owned();
        for day in days {
            text += &format!("<DataSet timestep=\"{day}\" group=\"\" part=\"0\" file=\"vtk/{}\"/>\n", file_name(*day));
        }
        text += "</Collection>\n</VTKFile>\n";
        disk::write(&self.dir.join("fields.pvd"), text.as_bytes())
    }

    /// Removes the files of other days, and unfinished files.
    pub fn sweep(&self, days: &[f64]) -> Result<(), ReportError> {
        let names: Vec<String> = days.iter().map(|day| file_name(*day)).collect();
        disk::sweep(&self.dir.join("vtk"), |name| name.starts_with("day-") && name.ends_with(".vtr") && !names.iter().any(|n| n == name))
    }

    /// Begins the file of a day. The arrays follow with [`VtrFile::push`]: every field in the order of [`FIELDS`], then the epidermis.
    pub fn begin(&self, day: f64) -> Result<VtrFile, ReportError> {
        let path = self.dir.join("vtk").join(file_name(day));
        disk::make_parent(&path)?;
        let (header, rooms) = self.header(day);
        let file = File::create(disk::partial(&path)).map_err(disk::unwritten(&path))?;
        let start = header.len() as u64;
        let mut vtr = VtrFile {
            path,
            file: BufWriter::with_capacity(1 << 20, file),
            plane_bytes: self.plane_bytes,
            rooms,
            places: Vec::new(),
            position: 0,
            data_start: start,
        };
        vtr.write(header.as_bytes())?;
        Ok(vtr)
    }

    /// Everything before the data, and where in it the places of the arrays belong.
    fn header(&self, day: f64) -> (String, Vec<u64>) {
        let [x, y, z] = self.cells;
        let extent = format!("0 {x} 0 {y} 0 {z}");
        let mut text = format!(
            "<?xml version=\"1.0\"?>\n<VTKFile type=\"RectilinearGrid\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\" \
             compressor=\"vtkZLibDataCompressor\">\n<RectilinearGrid WholeExtent=\"{extent}\">\n<FieldData>\n\
             <DataArray type=\"Float64\" Name=\"TimeValue\" NumberOfTuples=\"1\" format=\"ascii\">{day}</DataArray>\n"
        );
        text += &format!(
            "<DataArray type=\"Int64\" Name=\"first_dermal_layer\" NumberOfTuples=\"1\" format=\"ascii\">{}</DataArray>\n",
            self.first_dermal_layer
        );
        let seed = self.meta.seed.to_string();
        for (name, value) in [("percuta_version", &self.meta.version), ("course", &self.meta.course), ("seed", &seed)] {
            // The codes of the characters, with a zero at the end.
            let codes: String = value.bytes().filter(|b| *b != 0).map(|b| format!("{b} ")).collect();
            text += &format!("<DataArray type=\"String\" Name=\"{name}\" NumberOfTuples=\"1\" format=\"ascii\">{codes}0</DataArray>\n");
        }
        text += &format!("</FieldData>\n<Piece Extent=\"{extent}\">\n<CellData>\n");
        let mut rooms = Vec::new();
        for (name, unit) in FIELDS.iter().map(|f| (f.key, f.unit)).chain([("epidermis_factor", "1")]) {
            text += &format!("<DataArray type=\"Float32\" Name=\"{name}\" format=\"appended\"");
            rooms.push(text.len() as u64);
            text += &" ".repeat(OFFSET_ROOM);
            text += &format!(">\n<InformationKey name=\"UNITS_LABEL\" location=\"vtkDataArray\">{unit}</InformationKey>\n</DataArray>\n");
        }
        text += "</CellData>\n<Coordinates>\n";
        let [across, up] = &self.coordinates;
        for (name, values) in [("x", across), ("y", across), ("z", up)] {
            text += &format!("<DataArray type=\"Float64\" Name=\"{name}\" format=\"ascii\">\n{values}\n");
            text += "<InformationKey name=\"UNITS_LABEL\" location=\"vtkDataArray\">um</InformationKey>\n</DataArray>\n";
        }
        text += "</Coordinates>\n</Piece>\n</RectilinearGrid>\n<AppendedData encoding=\"raw\">\n_";
        (text, rooms)
    }
}

impl VtrFile {
    /// Writes an array from its layers, the deepest first. A layer is a block of the compressed array.
    pub fn push<'a>(&mut self, layers: impl Iterator<Item = &'a DeflatedLayer> + Clone) -> Result<(), ReportError> {
        self.places.push(self.position - self.data_start);
        // Number of blocks, bytes of a block and of a shorter last one before compression, bytes of each after compression.
        let head = [layers.clone().count() as u64, self.plane_bytes as u64, 0];
        let sizes = layers.clone().map(|layer| layer.zlib().len() as u64);
        let head: Vec<u8> = head.into_iter().chain(sizes).flat_map(u64::to_le_bytes).collect();
        self.write(&head)?;
        layers.into_iter().try_for_each(|layer| self.write(layer.zlib()))
    }

    /// Completes the file and gives it its name.
    pub fn finish(mut self) -> Result<(), ReportError> {
        self.write(b"\n</AppendedData>\n</VTKFile>\n")?;
        let places = self.rooms.iter().zip(&self.places);
        let mut done = Ok(());
        for (room, place) in places {
            let written = self.file.seek(SeekFrom::Start(*room)).and_then(|_| write!(self.file, " offset=\"{place}\""));
            done = done.and(written);
        }
        let done = done.and_then(|()| self.file.flush()).and_then(|()| fs::rename(disk::partial(&self.path), &self.path));
        self.or_remove(done)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ReportError> {
        self.position += bytes.len() as u64;
        let done = self.file.write_all(bytes);
        self.or_remove(done)
    }

    /// Removes the unfinished file after a failure: that makes room on a full disk.
    fn or_remove(&self, done: io::Result<()>) -> Result<(), ReportError> {
        done.map_err(|source| {
            let _ = fs::remove_file(disk::partial(&self.path));
            ReportError::Io { path: self.path.clone(), source }
        })
    }
}

/// `day-0028.vtr`; a fraction of a day follows as it is, so that no two days share a name.
fn file_name(day: f64) -> String {
    let text = day.to_string();
    let whole = text.split('.').next().unwrap_or_default().len();
    format!("day-{}{text}.vtr", "0".repeat(4_usize.saturating_sub(whole)))
}

fn numbers(values: impl Iterator<Item = f64>) -> String {
    values.map(|v| v.to_string()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn days_have_names_that_sort() {
        assert_eq!(file_name(0.0), "day-0000.vtr");
        assert_eq!(file_name(28.0), "day-0028.vtr");
        assert_eq!(file_name(0.25), "day-0000.25.vtr");
        assert_eq!(file_name(20_000.5), "day-20000.5.vtr");
    }
}
