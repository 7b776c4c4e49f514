//! Who can sign in to the demo: at least one member of every role, with passwords a person can type.

use practice::Role;

use super::{DemoSpec, dice::Dice, staff::Column};

/// An account of the demo. The accounts themselves are made by the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoMember {
    /// Always at `example.test`, which can't exist (RFC 6761).
    pub email: String,
    /// Four words and a number. It comes from the seed, so it guards nothing but a demo.
    pub password: String,
    /// Role.
    pub role: Role,
    /// Name.
    pub name: String,
    /// Id of the member's own column in the schedule.
    pub practitioner: Option<String>,
}

const WORDS: &[&str] = &[
    "amber", "anchor", "apple", "arrow", "aspen", "autumn", "bamboo", "basket", "beacon", "birch", "bison", "blanket",
    "bramble", "breeze", "bridge", "bronze", "butter", "button", "cabin", "candle", "canyon", "carbon", "castle",
    "cedar", "cello", "cherry", "cinder", "cliff", "clover", "cobalt", "comet", "copper", "coral", "cotton", "cradle",
    "crater", "crystal", "cypress", "dapple", "desert", "dolphin", "donkey", "dragon", "ember", "engine", "falcon",
    "feather", "fennel", "fiddle", "flannel", "forest", "fossil", "galaxy", "garden", "garlic", "ginger", "glacier",
    "gravel", "guitar", "hammer", "harbor", "harvest", "hazel", "helmet", "hermit", "hollow", "honey", "island",
    "ivory", "jacket", "jasmine", "jungle", "kettle", "ladder", "lagoon", "lantern", "lemon", "lilac", "linen",
    "lotus", "magnet", "maple", "marble", "meadow", "melon", "meteor", "mirror", "morning", "mosaic", "nectar",
    "needle", "nickel", "nutmeg", "oasis", "olive", "orbit", "orchid", "otter", "paddle", "panda", "paper", "parsley",
    "pebble", "pepper", "pigeon", "planet", "plaza", "pocket", "poplar", "prairie", "puzzle", "quartz", "quilt",
    "rabbit", "radish", "raven", "ribbon", "river", "rocket", "saddle", "saffron", "salmon", "sandal", "silver",
    "spruce", "summit", "thimble", "timber", "tulip", "tunnel", "velvet", "violin", "walnut", "willow", "winter",
    "zephyr",
];

/// The demo's members, the admin first.
pub fn members(spec: &DemoSpec) -> Vec<DemoMember> {
    let mut all = vec![member(spec, "admin", Role::Admin, "Avery Admin", None)];
    for index in 0..spec.providers {
        let column = Column::at(spec, index);
        let (email, role, name) = if column.nurse {
            ("nurse".to_owned(), Role::Clinical, "Nico Nurse".to_owned())
        } else {
            (format!("provider{}", index + 1), Role::Provider, column.name())
        };
        all.push(member(spec, &email, role, &name, Some(column.id)));
    }
    if !all.iter().any(|m| m.role == Role::Clinical) {
        all.push(member(spec, "nurse", Role::Clinical, "Nico Nurse", None));
    }
    all.push(member(spec, "desk", Role::FrontDesk, "Frankie Desk", None));
    all.push(member(spec, "desk2", Role::FrontDesk, "Dana Desk", None));
    all
}

fn member(spec: &DemoSpec, local: &str, role: Role, name: &str, practitioner: Option<String>) -> DemoMember {
    DemoMember {
        email: format!("{local}@example.test"),
        password: password(&mut Dice::of(spec.seed, local, &[])),
        role,
        name: name.to_owned(),
        practitioner,
    }
}

fn password(dice: &mut Dice) -> String {
    let mut words: Vec<&str> = Vec::new();
    while words.len() < 4 {
        let word = dice.pick(WORDS);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    format!("{}-{}", words.join("-"), dice.between(10, 99))
}
