//! Given names that stand for one another. What people are called at the desk is often not what their record says.

/// Names of one person, as [`super::word`] folds them.
const GROUPS: &[&[&str]] = &[
    &["abigail", "abby", "gail"],
    &["abraham", "abe"],
    &["albert", "al", "bert"],
    &["alejandra", "alexandra", "ale", "alex", "sandra"],
    &["alejandro", "alexander", "alex", "ale", "sasha", "xander"],
    &["alfred", "al", "fred"],
    &["andrew", "andy", "drew"],
    &["anthony", "antonio", "tony", "toni"],
    &["barbara", "barb", "barbie", "babs"],
    &["benjamin", "ben", "benny", "benji"],
    &["caroline", "carolyn", "carol", "carrie"],
    &["catherine", "katherine", "kathryn", "cathy", "kathy", "kate", "katie", "kat", "kitty"],
    &["charles", "charlie", "chuck", "chas"],
    &["christina", "christine", "cristina", "chris", "tina", "chrissy"],
    &["christopher", "chris", "topher", "kit"],
    &["cynthia", "cindy"],
    &["daniel", "dan", "danny"],
    &["david", "dave", "davey"],
    &["deborah", "debra", "deb", "debbie"],
    &["donald", "don", "donnie"],
    &["dorothy", "dot", "dottie", "dolly"],
    &["edward", "ed", "eddie", "ned", "ted", "teddy"],
    &["eleanor", "ellie", "nell", "nora"],
    &["elizabeth", "elisabeth", "beth", "betsy", "betty", "bess", "eliza", "liz", "lizzie", "libby", "lisa"],
    &["emily", "emma", "em", "emmy"],
    &["eugene", "gene"],
    &["florence", "flo"],
    &["frances", "fran", "frannie", "francie"],
    &["francis", "francisco", "frank", "pancho", "paco"],
    &["frederick", "fred", "freddy", "rick"],
    &["gabriel", "gabriela", "gabe", "gaby", "gabby"],
    &["gerald", "gerard", "jerry", "gerry"],
    &["gregory", "greg"],
    &["guadalupe", "lupe", "lupita"],
    &["guillermo", "memo"],
    &["harold", "harry", "hal"],
    &["helen", "helena", "elena", "nell"],
    &["henry", "hank", "harry"],
    &["ignacio", "nacho"],
    &["isabel", "isabella", "isabelle", "bella", "izzy", "belle"],
    &["jacob", "jake"],
    &["jacqueline", "jackie"],
    &["james", "jim", "jimmy", "jamie"],
    &["jane", "janet", "jan", "janie"],
    &["jeffrey", "geoffrey", "jeff"],
    &["jennifer", "jen", "jenny"],
    &["jesus", "chuy"],
    &["jessica", "jess", "jessie"],
    &["john", "jonathan", "jon", "johnny", "jack"],
    &["jose", "joseph", "joe", "joey", "pepe"],
    &["joshua", "josh"],
    &["judith", "judy"],
    &["kenneth", "ken", "kenny"],
    &["kimberly", "kim"],
    &["lawrence", "laurence", "larry"],
    &["leonard", "leonardo", "leo", "len", "lenny"],
    &["louis", "luis", "lou", "louie", "lewis"],
    &["louise", "luisa", "lou"],
    &["lucille", "lucy", "lucia"],
    &["manuel", "manny", "manolo"],
    &["margaret", "maggie", "marge", "margie", "meg", "megan", "peg", "peggy", "greta", "rita"],
    &["martha", "marty", "patty"],
    &["mary", "maria", "marie", "molly", "polly", "mia"],
    &["matthew", "matt", "matty"],
    &["melissa", "mel", "missy", "lissa"],
    &["michael", "miguel", "mike", "mikey", "mick", "mickey"],
    &["nancy", "ann", "anne", "anna", "annie", "nan"],
    &["natalie", "nat", "natasha"],
    &["nathan", "nathaniel", "nate", "nat"],
    &["nicholas", "nicolas", "nick", "nicky"],
    &["olivia", "liv", "livvy"],
    &["pamela", "pam"],
    &["patricia", "pat", "patty", "patsy", "tricia", "trish"],
    &["patrick", "pat", "paddy"],
    &["peter", "pedro", "pete"],
    &["philip", "phillip", "phil"],
    &["rachel", "rae"],
    &["randall", "randolph", "randy"],
    &["raymond", "ray"],
    &["rebecca", "becca", "becky"],
    &["richard", "ricardo", "rich", "rick", "ricky", "dick"],
    &["robert", "roberto", "rob", "robbie", "bob", "bobby", "bert"],
    &["ronald", "ron", "ronnie"],
    &["rosario", "charo", "rosie"],
    &["rose", "rosa", "rosemary", "rosie"],
    &["samantha", "sam", "sammy"],
    &["samuel", "sam", "sammy"],
    &["sarah", "sara", "sally", "sadie"],
    &["stephanie", "steph", "stevie"],
    &["stephen", "steven", "esteban", "steve"],
    &["susan", "suzanne", "sue", "susie", "suzy"],
    &["teresa", "theresa", "terry", "tess", "tessa"],
    &["theodore", "ted", "teddy", "theo"],
    &["thomas", "tomas", "tom", "tommy"],
    &["timothy", "tim", "timmy"],
    &["valerie", "val"],
    &["victoria", "vicky", "tori"],
    &["vincent", "vince", "vinny"],
    &["virginia", "ginny", "ginger"],
    &["walter", "walt", "wally"],
    &["william", "bill", "billy", "will", "willie", "willy", "liam"],
    &["zachary", "zach", "zack"],
];

/// What somebody called `word` may be called besides; nothing where `word`, folded, is no such name.
pub fn also_called(word: &str) -> Vec<&'static str> {
    let groups = GROUPS.iter().filter(|names| names.contains(&word));
    let mut others: Vec<_> = groups.flat_map(|names| names.iter().copied()).filter(|name| *name != word).collect();
    others.sort_unstable();
    others.dedup();
    others
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn every_name_is_folded_and_is_one_of_at_least_two() {
        for names in GROUPS {
            assert!(names.len() > 1, "{names:?}");
            for name in *names {
                assert_eq!(fold::word(name), *name);
            }
        }
    }

    #[test]
    fn a_name_stands_for_the_others_of_its_groups() {
        assert!(also_called("bill").contains(&"william") && also_called("william").contains(&"bill"));
        let ted = also_called("ted");
        assert!(ted.contains(&"edward") && ted.contains(&"theodore") && !ted.contains(&"ted"));
        assert!(also_called("tedx").is_empty());
    }
}
