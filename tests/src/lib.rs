//! What the whole-system tests share: real processes, real windows, and waiting without guessing.
//!
//! Nothing here knows a crate of the product: the tests meet it as people do, by its commands and its window.

pub mod ask;
pub mod bare;
pub mod build;
pub mod demo;
pub mod figures;
pub mod hands;
pub mod host;
pub mod monkey;
pub mod port;
pub mod process;
pub mod screen;
pub mod seat;
pub mod wait;
pub mod window;
pub mod workstation;
