//! Tables on paper, as PDF: what is written is laid out with the computer's own fonts, so that every script that it can
//! show on screen can be printed; what belongs to a page stands on each. Knows nothing of visits and patients.

mod setting;

use krilla::{Document, page::PageSettings};

use setting::{Ink, Laid};

/// Points from the edge of the paper.
const MARGIN: f32 = 36.0;
/// Points between two columns.
const GAP: f32 = 8.0;
/// Points above and below a row's text.
const AIR: f32 = 3.0;
/// Points that the line at the foot of a page takes.
const FOOT: f32 = 22.0;
/// Points between a table and the next.
const APART: f32 = 14.0;

/// Paper on its side, in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// 297 by 210 mm.
    A4,
    /// 11 by 8.5 inches.
    Letter,
}

impl Size {
    fn points(self) -> (f32, f32) {
        match self {
            Size::A4 => (842.0, 595.0),
            Size::Letter => (792.0, 612.0),
        }
    }
}

/// What is to be printed.
pub(crate) struct Sheet<'a> {
    pub size: Size,
    pub title: &'a str,
    /// Below the title, a paragraph each.
    pub says: &'a [String],
    /// At the foot of each page, before its number.
    pub foot: &'a str,
    /// Heading and share of the width.
    pub columns: &'a [(&'a str, f32)],
    pub tables: &'a [Table],
}

/// A table with a name.
pub(crate) struct Table {
    pub name: String,
    /// Behind the name.
    pub about: String,
    /// A text a column; the second is the one that is looked for.
    pub rows: Vec<Vec<String>>,
    /// Said where there is no row.
    pub empty: &'static str,
}

/// A printed sheet.
pub(crate) struct Printed {
    pub pdf: Vec<u8>,
    pub pages: u32,
}

/// Why nothing can be printed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum PaperError {
    /// The computer has no font for plain letters.
    #[error("no font")]
    NoFont,
    /// The file could not be put together.
    #[error("no document")]
    NoDocument,
}

/// A line of the page: texts beside each other, and whether a line is drawn below them.
struct Line {
    cells: Vec<(f32, Laid)>,
    ruled: bool,
}

impl Line {
    fn height(&self) -> f32 {
        self.cells.iter().map(|(_, laid)| laid.height()).fold(0.0, f32::max) + 2.0 * AIR
    }
}

/// Where the lines of one page lie, by the distance from its top.
type Page = Vec<(f32, usize)>;

/// Sets the sheet in type.
///
/// # Errors
/// The computer has no fonts.
pub(crate) fn print(sheet: &Sheet<'_>) -> Result<Printed, PaperError> {
    let (width, height) = sheet.size.points();
    let mut ink = Ink::new()?;
    let mut flow = Flow { lines: Vec::new(), pages: vec![Page::new()], y: MARGIN, bottom: height - MARGIN - FOOT };
    flow.put(one(ink.lay(sheet.title, 15.0, true, width - 2.0 * MARGIN), false));
    for says in sheet.says {
        flow.put(one(ink.lay(says, 9.0, false, width - 2.0 * MARGIN), false));
    }
    for table in sheet.tables {
        flow.y += APART;
        set_table(&mut ink, &mut flow, sheet, table, width - 2.0 * MARGIN);
    }
    draw(&mut ink, sheet, &flow, (width, height))
}

fn one(laid: Laid, ruled: bool) -> Line {
    Line { cells: vec![(MARGIN, laid)], ruled }
}

/// Lines on pages, from top to bottom.
struct Flow {
    lines: Vec<Line>,
    pages: Vec<Page>,
    y: f32,
    bottom: f32,
}

impl Flow {
    fn add(&mut self, line: Line) -> usize {
        self.lines.push(line);
        self.lines.len() - 1
    }

    fn put(&mut self, line: Line) {
        let at = self.add(line);
        self.place(at);
    }

    /// The same line may stand on several pages.
    fn place(&mut self, at: usize) {
        if let Some(page) = self.pages.last_mut() {
            page.push((self.y, at));
        }
        self.y += self.lines[at].height();
    }

    fn has_room(&self, height: f32) -> bool {
        self.y + height <= self.bottom
    }

    fn turn(&mut self) {
        self.pages.push(Page::new());
        self.y = MARGIN;
    }
}

fn set_table(ink: &mut Ink, flow: &mut Flow, sheet: &Sheet<'_>, table: &Table, width: f32) {
    let caption = |ink: &mut Ink, more: &str| {
        one(ink.lay(&format!("{}{more}  {}", table.name, table.about), 10.0, true, width), false)
    };
    let shares: f32 = sheet.columns.iter().map(|(_, share)| share).sum();
    let room = width - GAP * (sheet.columns.len().saturating_sub(1)) as f32;
    let places: Vec<(f32, f32)> = sheet
        .columns
        .iter()
        .scan(MARGIN, |x, (_, share)| {
            let (at, wide) = (*x, room * share / shares);
            *x += wide + GAP;
            Some((at, wide))
        })
        .collect();
    let heads = sheet.columns.iter().zip(&places);
    let heads = heads.map(|((head, _), (x, wide))| (*x, ink.lay(head, 8.0, true, *wide))).collect();
    let (first, again) = (caption(ink, ""), caption(ink, ", continued"));
    let (first, again) = (flow.add(first), flow.add(again));
    let heads = flow.add(Line { cells: heads, ruled: true });
    let top = flow.lines[first].height() + flow.lines[heads].height();
    let mut rows: Vec<usize> = Vec::new();
    for row in &table.rows {
        let cells = row.iter().zip(&places).enumerate();
        let cells = cells.map(|(n, (text, (x, wide)))| (*x, ink.lay(text, 9.0, n == 1, *wide))).collect();
        rows.push(flow.add(Line { cells, ruled: true }));
    }
    if rows.is_empty() {
        rows.push(flow.add(one(ink.lay(table.empty, 9.0, false, width), true)));
    }
    for (n, row) in rows.into_iter().enumerate() {
        let height = flow.lines[row].height() + if n == 0 { top } else { 0.0 };
        let turned = !flow.has_room(height);
        if turned {
            flow.turn();
        }
        if n == 0 || turned {
            flow.place(if n == 0 { first } else { again });
            flow.place(heads);
        }
        flow.place(row);
    }
}

fn draw(ink: &mut Ink, sheet: &Sheet<'_>, flow: &Flow, (width, height): (f32, f32)) -> Result<Printed, PaperError> {
    let mut document = Document::new();
    let pages = flow.pages.len();
    for (n, lines) in flow.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(width, height).ok_or(PaperError::NoDocument)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for (y, at) in lines {
            let line = &flow.lines[*at];
            for (x, laid) in &line.cells {
                ink.draw(&mut surface, laid, *x, y + AIR)?;
            }
            if line.ruled {
                setting::rule(&mut surface, (MARGIN, width - MARGIN), y + line.height());
            }
        }
        let foot = ink.lay(&format!("{} · Page {} of {pages}", sheet.foot, n + 1), 8.0, false, width - 2.0 * MARGIN);
        ink.draw(&mut surface, &foot, MARGIN, height - MARGIN - foot.height())?;
        surface.finish();
        page.finish();
    }
    let pdf = document.finish().map_err(|_| PaperError::NoDocument)?;
    Ok(Printed { pdf, pages: u32::try_from(pages).unwrap_or(u32::MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[(&str, f32)] = &[("Time", 1.0), ("Patient", 2.0), ("For", 3.0)];

    fn sheet<'a>(says: &'a [String], tables: &'a [Table]) -> Sheet<'a> {
        Sheet { size: Size::Letter, title: "Monday", says, foot: "Data as of 9:41", columns: COLUMNS, tables }
    }

    fn table(rows: usize, reason: &str) -> Table {
        let row = |n: usize| vec![format!("{n}:00"), "Testcase, Dmitri".to_owned(), reason.to_owned()];
        Table {
            name: "Ann Sample, MD".into(),
            about: String::new(),
            rows: (0..rows).map(row).collect(),
            empty: "None.",
        }
    }

    #[test]
    fn a_long_table_goes_on_over_pages_and_a_short_one_is_not_torn_from_its_name() {
        let pages = |rows| print(&sheet(&["Shadow copy.".to_owned()], &[table(rows, "Recheck")])).unwrap().pages;
        assert_eq!((pages(0), pages(5)), (1, 1));
        assert!(pages(300) > pages(150) && pages(150) > 3, "{} and {} pages", pages(300), pages(150));

        let (mut ink, one) = (Ink::new().unwrap(), [table(1, "Recheck")]);
        let mut flow = Flow { lines: Vec::new(), pages: vec![Page::new()], y: 500.0, bottom: 540.0 };
        set_table(&mut ink, &mut flow, &sheet(&[], &one), &one[0], 700.0);
        let placed: Vec<usize> = flow.pages.iter().map(Vec::len).collect();
        assert_eq!(placed, [0, 3], "its name, its heads and its row go to the next page together");
    }

    #[test]
    fn any_text_is_printed() {
        let long = "word ".repeat(400);
        let endless = "x".repeat(2_000);
        for odd in ["", "نموذج, سلمى", "ตัวอย่าง, สมชาย", "🙂", "\u{202e}abc", "a\nb\tc\u{0}", &long, &endless]
        {
            let printed = print(&sheet(&[], &[table(3, odd)])).unwrap();
            assert!(printed.pages >= 1 && printed.pdf.len() > 500, "{odd:?}");
        }
    }
}
