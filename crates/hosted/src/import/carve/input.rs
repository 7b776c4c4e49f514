//! The bytes of a file, one buffer at a time: where a JSON value ends, and where to go on after a fault.

use std::io::BufRead;

use crate::import::{files, reason::Reason};

/// Bytes being kept, up to a limit; past it they are let go.
pub struct Piece {
    bytes: Vec<u8>,
    limit: usize,
    over: bool,
}

impl Piece {
    /// Keeps at most `limit` bytes.
    pub fn of(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, over: false }
    }

    /// Keeps nothing.
    pub fn none() -> Self {
        Self::of(0)
    }

    fn push(&mut self, more: &[u8]) {
        if self.over || self.bytes.len() + more.len() > self.limit {
            self.over = true;
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(more);
        }
    }

    /// The bytes, unless there were too many.
    pub fn bytes(self) -> Result<Vec<u8>, Reason> {
        if self.over { Err(Reason::Text(practice::text::TextError::TooLarge)) } else { Ok(self.bytes) }
    }
}

/// A file's bytes.
pub struct Input<R> {
    from: R,
    lines: bool,
    last: u8,
    start: bool,
    failed: bool,
}

impl<R: BufRead> Input<R> {
    pub fn new(from: R, lines: bool) -> Self {
        Self { from, lines, last: b'\n', start: true, failed: false }
    }

    /// Whether the file ended or could no longer be read, so that there is nothing to go on with.
    pub fn failed(&self) -> bool {
        self.failed
    }

    fn buffer(&mut self) -> Result<&[u8], Reason> {
        // A second call, because the borrow of a buffer that is returned on one path blocks all others.
        if let Err(error) = self.from.fill_buf() {
            self.failed = true;
            return Err(files::reason(&error));
        }
        self.from.fill_buf().map_err(|error| files::reason(&error))
    }

    /// Consumes `n` bytes of the buffer into `pieces`.
    pub fn take(&mut self, n: usize, pieces: &mut [&mut Piece]) {
        // The bytes were in the buffer a moment ago, so this reads nothing.
        if let Ok(buffer) = self.from.fill_buf() {
            let taken = &buffer[..n.min(buffer.len())];
            pieces.iter_mut().for_each(|piece| piece.push(taken));
            self.last = taken.last().copied().unwrap_or(self.last);
            let n = taken.len();
            self.from.consume(n);
        }
    }

    /// Skips white space and gives the byte after it; `inside` an object it goes into its pieces, and a line's end is
    /// a fault where lines are resources.
    pub fn space(&mut self, inside: Option<&mut [&mut Piece]>) -> Result<Option<u8>, Reason> {
        let mut none: [&mut Piece; 0] = [];
        let bounded = self.lines && inside.is_some();
        let pieces = inside.unwrap_or(&mut none);
        loop {
            let start = std::mem::take(&mut self.start);
            let buffer = self.buffer()?;
            if start && buffer.starts_with(b"\xEF\xBB\xBF") {
                self.take(3, pieces);
                continue;
            }
            let n =
                buffer.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n') && !(bounded && **b == b'\n'));
            let n = n.count();
            let next = buffer.get(n).copied();
            if next.is_none() && n == 0 {
                self.failed = true;
                return Ok(None);
            }
            self.take(n, pieces);
            match next {
                Some(b'\n') => return Err(Reason::LineEnds),
                Some(_) => return Ok(next),
                None => {}
            }
        }
    }

    /// Consumes the value that begins here, by its quotes and brackets alone.
    pub fn value(&mut self, pieces: &mut [&mut Piece]) -> Result<(), Reason> {
        let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
        let lines = self.lines;
        loop {
            let buffer = self.buffer()?;
            if buffer.is_empty() {
                self.failed = true;
                return Err(Reason::CutOff);
            }
            let mut fault = None;
            let mut ended = false;
            let mut n = 0;
            for &byte in buffer {
                match byte {
                    b'\n' if lines => fault = Some(Reason::LineEnds),
                    b'\n' if quoted => fault = Some(Reason::Broken),
                    _ if escaped => escaped = false,
                    b'\\' if quoted => escaped = true,
                    b'"' => {
                        quoted = !quoted;
                        ended = !quoted && depth == 0;
                    }
                    _ if quoted => {}
                    b'{' | b'[' => depth += 1,
                    // A bare word or number at the top ends before what follows it.
                    b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => break,
                    b'}' | b']' => {
                        depth -= 1;
                        ended = depth == 0;
                    }
                    _ => {}
                }
                if fault.is_some() {
                    break;
                }
                n += 1;
                if ended {
                    break;
                }
            }
            let stopped = ended || n < buffer.len();
            self.take(n, pieces);
            match fault {
                Some(fault) => return Err(fault),
                None if stopped => return Ok(()),
                None => {}
            }
        }
    }

    /// Goes to where reading can go on after a fault: the next line, or, in a document, the next line that begins an
    /// object. False when there is none.
    pub fn recover(&mut self) -> bool {
        loop {
            let (lines, last) = (self.lines, self.last);
            let Ok(buffer) = self.buffer() else { return false };
            let Some(&first) = buffer.first() else { return false };
            if last == b'\n' && (lines || first == b'{') {
                return true;
            }
            let line = buffer.iter().position(|b| *b == b'\n').map_or(buffer.len(), |n| n + 1);
            self.take(line, &mut []);
        }
    }
}
