//! The XML of imglab, dlib's annotation tool: images, boxes and points, in pixels counted from 0.
//!
//! ```xml
//! <dataset>
//! <images>
//!   <image file='afw/134212_1.jpg' width='1024' height='768' orientation='upright'>
//!     <box top='209' left='316' width='201' height='201'>
//!       <label>suspicious</label>
//!       <part name='00' x='314.75' y='247.32'/> …
//! ```

mod read;
mod write;

pub use read::{BoxEntry, BoxFault, ElementError, ImageEntry, Images, ImglabError, parse};
pub use write::{FOOTER, HEADER, ImageFile, LabelledBox, image};
