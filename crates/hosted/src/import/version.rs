//! Signs that a resource is written in another version of FHIR than R4: types that R4 does not have, and elements
//! that had, or will have, another shape. Unknown elements alone are no sign; they are kept.

use practice::{resource::ResourceType, text};

const DSTU2: &str = "DSTU2";
const STU3: &str = "STU3";
const R5: &str = "R5";

/// Types that R4 dropped or does not know yet.
const TYPES: &[(&str, &[&str])] = &[
    (
        DSTU2,
        &[
            "Conformance",
            "DiagnosticOrder",
            "ImagingObjectSelection",
            "MedicationOrder",
            "Order",
            "OrderResponse",
            "DeviceUseRequest",
        ],
    ),
    (
        STU3,
        &[
            "BodySite",
            "DataElement",
            "DeviceComponent",
            "EligibilityRequest",
            "EligibilityResponse",
            "ExpansionProfile",
            "ImagingManifest",
            "ProcedureRequest",
            "ProcessRequest",
            "ProcessResponse",
            "ReferralRequest",
            "Sequence",
            "ServiceDefinition",
        ],
    ),
    (
        R5,
        &[
            "ActorDefinition",
            "ArtifactAssessment",
            "BiologicallyDerivedProductDispense",
            "ConditionDefinition",
            "DeviceAssociation",
            "DeviceDispense",
            "DeviceUsage",
            "EncounterHistory",
            "FormularyItem",
            "GenomicStudy",
            "ImagingSelection",
            "InventoryItem",
            "InventoryReport",
            "NutritionIntake",
            "Permission",
            "Requirements",
            "SubscriptionTopic",
            "TestPlan",
            "Transport",
        ],
    ),
];

/// Which version a type that is not R4's comes from.
pub fn of_type(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(_, names)| names.contains(&name)).map(|(version, _)| *version)
}

/// An element whose shape tells: type, path, the first character of the value, version.
const SHAPES: &[(&str, &str, u8, &str)] = &[
    ("AllergyIntolerance", "/clinicalStatus", b'"', STU3),
    ("AllergyIntolerance", "/verificationStatus", b'"', STU3),
    ("AllergyIntolerance", "/substance", b'{', DSTU2),
    ("AllergyIntolerance", "/type", b'{', R5),
    ("Condition", "/clinicalStatus", b'"', STU3),
    ("Condition", "/verificationStatus", b'"', STU3),
    ("Condition", "/category", b'{', DSTU2),
    ("Encounter", "/class", b'"', DSTU2),
    ("Encounter", "/class", b'[', R5),
    ("Encounter", "/actualPeriod", b'{', R5),
    ("Immunization", "/notGiven", b't', STU3),
    ("Immunization", "/notGiven", b'f', STU3),
    ("Immunization", "/wasNotGiven", b't', DSTU2),
    ("Immunization", "/wasNotGiven", b'f', DSTU2),
    ("MedicationRequest", "/medication", b'{', R5),
    ("MedicationStatement", "/medication", b'{', R5),
    ("Patient", "/name/0/family", b'[', DSTU2),
    ("Procedure", "/notDone", b't', STU3),
    ("Procedure", "/notDone", b'f', STU3),
    ("Procedure", "/notPerformed", b't', DSTU2),
    ("Procedure", "/notPerformed", b'f', DSTU2),
    ("Schedule", "/actor", b'{', DSTU2),
];

/// Which other version a resource of one of R4's types is written in, if it shows.
pub fn marked(kind: ResourceType, resource: &str) -> Option<&'static str> {
    // Looking for the word first spares nearly every resource a second reading.
    if resource.contains("\"fhirVersion\"")
        && let Some(said) = text::string(resource, "/meta/fhirVersion")
    {
        return named(&said);
    }
    let shaped = SHAPES.iter().find(|(of, path, first, _)| {
        *of == kind.as_str() && text::raw(resource, path).is_some_and(|value| value.as_bytes().first() == Some(first))
    });
    shaped.map(|(.., version)| *version).or_else(|| profiled(resource))
}

/// What `fhirVersion` says, in the release's name; `None` for R4.
pub fn named(version: &str) -> Option<&'static str> {
    match version.split('.').next().unwrap_or_default() {
        "4" if version.starts_with("4.0") || version == "4" => None,
        "4" => Some("R4B"),
        "3" | "STU3" => Some(STU3),
        "0" | "1" | "DSTU2" => Some(DSTU2),
        "5" | "R5" => Some(R5),
        "R4" => None,
        _ => Some("of an unknown version"),
    }
}

/// Where HL7's own profiles carry the version in their path.
const PROFILES: &[(&str, &str)] = &[
    ("http://hl7.org/fhir/DSTU2/", DSTU2),
    ("http://hl7.org/fhir/1.0/", DSTU2),
    ("http://hl7.org/fhir/STU3/", STU3),
    ("http://hl7.org/fhir/3.0/", STU3),
    ("http://hl7.org/fhir/R5/", R5),
    ("http://hl7.org/fhir/5.0/", R5),
];

fn profiled(resource: &str) -> Option<&'static str> {
    let (start, version) = PROFILES.iter().find(|(start, _)| resource.contains(start))?;
    let profiles = (0..).map_while(|n| text::string(resource, &format!("/meta/profile/{n}")));
    profiles.into_iter().any(|profile| profile.starts_with(start)).then_some(*version)
}
