//! Shape predictors: the cascades of Kazemi and Sullivan that dlib trains.
//!
//! ```text
//! version (1) · mean shape (matrix: x, y of each point) · for each stage its trees · anchors · offsets
//!                                                                  │
//!                                     splits (two pixels, threshold) · leaves (matrix each)
//! ```
//!
//! Where the difference of two pixels exceeds the threshold, dlib goes to the *left* child.

use super::DlibError;
use super::reader::{INTEGER, NUMBER, Reader};
use super::writer::Writer;
use crate::dlib::shape_predictor::{PredictorSplit, PredictorStage, ShapePredictor};
use crate::invalid::InvalidModel;
use crate::landmarks::Shape;
use crate::landmarks::tree_stage::FeaturePoint;

/// The fewest bytes of a split.
const SPLIT: usize = 2 * INTEGER + NUMBER;
/// The fewest bytes of a leaf: a matrix of two numbers.
const LEAF: usize = 2 * INTEGER + 2 * NUMBER;
/// The fewest bytes of a tree: a split and two leaves.
const TREE: usize = INTEGER + SPLIT + INTEGER + 2 * LEAF;
/// The fewest bytes of a stage: a tree.
const STAGE: usize = INTEGER + TREE;

/// The shape predictor, not yet validated.
pub(super) fn read(mut reader: Reader) -> Result<ShapePredictor, DlibError> {
    let _version = reader.integer()?;
    let coordinates = reader.rows("coordinates of the mean shape")?;
    let mean = (0..coordinates / 2).map(|_| reader.point()).collect::<Result<Vec<_>, _>>()?;
    if coordinates % 2 == 1 {
        return Err(
            InvalidModel::new("the mean shape", format!("has an odd number of coordinates, {coordinates}")).into()
        );
    }
    let mut stages = reader.vector(STAGE, "stages", |reader| stage(reader, coordinates))?;
    let anchors = reader.vector(INTEGER, "stages", |reader| {
        reader.vector(INTEGER, "feature points", |reader| reader.small::<u16>("the index of a landmark"))
    })?;
    let offsets =
        reader.vector(INTEGER, "stages", |reader| reader.vector(2 * NUMBER, "feature points", Reader::point))?;
    reader.finish()?;
    if anchors.len() != stages.len() || offsets.len() != stages.len() {
        return Err(InvalidModel::new("the model", "has feature points for more or fewer stages than there are").into());
    }
    for ((stage, anchors), offsets) in stages.iter_mut().zip(anchors).zip(offsets) {
        if anchors.len() != offsets.len() {
            return Err(InvalidModel::new("a tree stage", "has more or fewer anchors than offsets").into());
        }
        let point = |(anchor, offset)| FeaturePoint { anchor, offset };
        stage.points = anchors.into_iter().zip(offsets).map(point).collect();
    }
    Ok(ShapePredictor::new(Shape::new(mean), stages))
}

/// A stage without its feature points, which stand elsewhere.
fn stage(reader: &mut Reader, coordinates: usize) -> Result<PredictorStage, DlibError> {
    let mut stage = PredictorStage::default();
    for tree in 0..reader.length(TREE, "trees")? {
        let splits = reader.vector(SPLIT, "splits", |reader| {
            Ok(PredictorSplit {
                first: reader.small("the index of a feature point")?,
                second: reader.small("the index of a feature point")?,
                threshold: reader.float()?,
            })
        })?;
        let leaves = reader.length(LEAF, "leaves")?;
        if leaves != splits.len() + 1 || !leaves.is_power_of_two() {
            let problem = format!("has {} splits and {leaves} leaves", splits.len());
            return Err(InvalidModel::new("a tree", problem).into());
        }
        let depth = leaves.ilog2() as u8;
        if tree > 0 && depth != stage.depth {
            return Err(DlibError::Unsupported("a stage with trees of different depths".into()));
        }
        stage.depth = depth;
        stage.splits.extend(splits);
        for _ in 0..leaves {
            if reader.rows("coordinates of a leaf")? != coordinates {
                return Err(InvalidModel::new("a leaf", "has another size than the mean shape").into());
            }
            for _ in 0..coordinates {
                stage.leaves.push(reader.float()?);
            }
        }
    }
    Ok(stage)
}

pub(super) fn write(cascade: &ShapePredictor, writer: &mut Writer) {
    let coordinates = 2 * cascade.mean.len();
    writer.integer(1);
    writer.rows(coordinates);
    cascade.mean.points.iter().for_each(|&p| writer.point(p));
    writer.count(cascade.stages.len());
    for stage in &cascade.stages {
        let (splits, leaves) = (stage.splits_per_tree(), stage.leaves_per_tree());
        writer.count(stage.trees());
        for (splits, leaves) in stage.splits.chunks_exact(splits).zip(stage.leaves.chunks_exact(leaves * coordinates)) {
            writer.count(splits.len());
            for split in splits {
                writer.count(split.first.into());
                writer.count(split.second.into());
                writer.float(split.threshold);
            }
            writer.count(leaves.len() / coordinates);
            for leaf in leaves.chunks_exact(coordinates) {
                writer.rows(coordinates);
                leaf.iter().for_each(|&v| writer.float(v));
            }
        }
    }
    lists(cascade, writer, |point, writer| writer.count(point.anchor.into()));
    lists(cascade, writer, |point, writer| writer.point(point.offset));
}

/// For each stage a list of something of its feature points.
fn lists(cascade: &ShapePredictor, writer: &mut Writer, write: impl Fn(&FeaturePoint, &mut Writer)) {
    writer.count(cascade.stages.len());
    for stage in &cascade.stages {
        writer.count(stage.points.len());
        stage.points.iter().for_each(|point| write(point, writer));
    }
}
