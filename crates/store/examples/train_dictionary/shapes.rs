//! Shapes that imported charts have and the demo has not: claims, benefits, procedures, plans, reports, as FHIR R4
//! defines them (<https://hl7.org/fhir/R4/resourcelist.html>). Every value is invented.

use super::uuid;

const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";

/// Invented resources, all shapes for each of `patients`.
pub fn resources(patients: u64) -> Vec<String> {
    (0..patients as i64).flat_map(|n| SHAPES.map(|shape| shape(n))).collect()
}

const SHAPES: [fn(i64) -> String; 12] = [
    claim,
    benefit,
    procedure,
    plan,
    goal,
    report,
    imaging,
    encounter,
    medication,
    laboratory,
    condition,
    immunization,
];

fn pick(list: &[&'static str], n: i64) -> &'static str {
    list[n as usize % list.len()]
}

fn concept(system: &str, code: i64, words: &str) -> String {
    format!(r#"{{"coding":[{{"system":"{system}","code":"{code}","display":"{words}"}}],"text":"{words}"}}"#)
}

fn reference(kind: &str, n: i64) -> String {
    format!(r#"{{"reference":"{kind}/{}"}}"#, uuid(kind, n))
}

fn at(n: i64) -> String {
    format!(
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}-05:00",
        1990 + n % 36,
        1 + n % 12,
        1 + n % 28,
        8 + n % 10,
        n * 7 % 60,
        n * 13 % 60
    )
}

fn head(kind: &str, n: i64) -> String {
    format!(r#""resourceType":"{kind}","id":"{}""#, uuid(kind, n))
}

fn amount(n: i64) -> String {
    format!(r#"{{"value":{}.{:02},"currency":"USD"}}"#, 40 + n * 37 % 2_000, n * 11 % 100)
}

fn claim(n: i64) -> String {
    format!(
        r#"{{{},"status":"active","type":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"{}"}}]}},"use":"claim","patient":{},"billablePeriod":{{"start":"{}","end":"{}"}},"created":"{}","provider":{},"priority":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/processpriority","code":"normal"}}]}},"insurance":[{{"sequence":1,"focal":true,"coverage":{{"display":"Sample Health Plan"}}}}],"item":[{{"sequence":1,"productOrService":{},"encounter":[{}]}}],"total":{}}}"#,
        head("Claim", n),
        pick(&["institutional", "pharmacy", "professional"], n),
        reference("Patient", n),
        at(n),
        at(n),
        at(n),
        reference("Organization", n % 7),
        concept(SNOMED, 185_349_003, "Encounter for check up (procedure)"),
        reference("Encounter", n),
        amount(n),
    )
}

fn benefit(n: i64) -> String {
    let category = |code: &str, words: &str| {
        format!(
            r#"{{"category":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"{code}","display":"{words}"}}]}},"amount":{}}}"#,
            amount(n)
        )
    };
    format!(
        r##"{{{},"contained":[{{"resourceType":"ServiceRequest","id":"referral","status":"completed","intent":"order","subject":{},"requester":{},"performer":[{}]}},{{"resourceType":"Coverage","id":"coverage","status":"active","type":{{"text":"Sample Health Plan"}},"beneficiary":{},"payor":[{{"display":"Sample Health Plan"}}]}}],"identifier":[{{"system":"urn:example:claim","value":"{}"}}],"status":"active","type":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}}]}},"use":"claim","patient":{},"billablePeriod":{{"start":"{}","end":"{}"}},"created":"{}","insurer":{{"display":"Sample Health Plan"}},"provider":{},"referral":{{"reference":"#referral"}},"claim":{},"outcome":"complete","careTeam":[{{"sequence":1,"provider":{},"role":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/claimcareteamrole","code":"primary","display":"Primary Care Practitioner"}}]}}}}],"insurance":[{{"focal":true,"coverage":{{"reference":"#coverage","display":"Sample Health Plan"}}}}],"item":[{{"sequence":1,"productOrService":{},"servicedPeriod":{{"start":"{}","end":"{}"}},"locationCodeableConcept":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/ex-serviceplace","code":"21","display":"Inpatient Hospital"}}]}},"encounter":[{}],"net":{},"adjudication":[{},{},{}]}}],"total":[{{"category":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"submitted","display":"Submitted Amount"}}],"text":"Submitted Amount"}},"amount":{}}}],"payment":{{"amount":{}}}}}"##,
        head("ExplanationOfBenefit", n),
        reference("Patient", n),
        reference("Practitioner", n % 9),
        reference("Practitioner", n % 9),
        reference("Patient", n),
        uuid("claim-number", n),
        reference("Patient", n),
        at(n),
        at(n),
        at(n),
        reference("Practitioner", n % 9),
        reference("Claim", n),
        reference("Practitioner", n % 9),
        concept(SNOMED, 185_349_003, "Encounter for check up (procedure)"),
        at(n),
        at(n),
        reference("Encounter", n),
        amount(n),
        category("submitted", "Submitted Amount"),
        category("eligible", "Eligible Amount"),
        category("benefit", "Benefit Amount"),
        amount(n),
        amount(n),
    )
}

fn procedure(n: i64) -> String {
    let words = pick(
        &["Medication reconciliation (procedure)", "Suture open wound", "Spirometry (procedure)", "Plain chest X-ray"],
        n,
    );
    format!(
        r#"{{{},"status":"completed","code":{},"subject":{},"encounter":{},"performedPeriod":{{"start":"{}","end":"{}"}},"reasonReference":[{}]}}"#,
        head("Procedure", n),
        concept(SNOMED, 430_193_006 + n % 40, words),
        reference("Patient", n),
        reference("Encounter", n),
        at(n),
        at(n),
        reference("Condition", n),
    )
}

fn plan(n: i64) -> String {
    let words = pick(&["Diabetes self management plan", "Lifestyle education", "Respiratory therapy"], n);
    format!(
        r#"{{{},"text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Care Plan for {words}.</div>"}},"status":"active","intent":"order","category":[{}],"subject":{},"encounter":{},"period":{{"start":"{}"}},"addresses":[{}],"goal":[{}],"activity":[{{"detail":{{"code":{},"status":"in-progress","location":{{"display":"SAMPLE CLINIC"}}}}}}]}}"#,
        head("CarePlan", n),
        concept(SNOMED, 698_360_004, words),
        reference("Patient", n),
        reference("Encounter", n),
        at(n),
        reference("Condition", n),
        reference("Goal", n),
        concept(SNOMED, 160_670_007, "Diabetic diet"),
    )
}

fn goal(n: i64) -> String {
    format!(
        r#"{{{},"lifecycleStatus":"accepted","achievementStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/goal-achievement","code":"in-progress"}}]}},"description":{{"text":"Hemoglobin A1c total in Blood < 7.0"}},"subject":{},"addresses":[{}]}}"#,
        head("Goal", n),
        reference("Patient", n),
        reference("Condition", n),
    )
}

fn report(n: i64) -> String {
    format!(
        r#"{{{},"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v2-0074","code":"LAB","display":"Laboratory"}}]}}],"code":{},"subject":{},"encounter":{},"effectiveDateTime":"{}","issued":"{}","result":[{{"reference":"Observation/{}","display":"Triglycerides"}},{{"reference":"Observation/{}","display":"Total Cholesterol"}}]}}"#,
        head("DiagnosticReport", n),
        concept(LOINC, 57_698, "Lipid Panel"),
        reference("Patient", n),
        reference("Encounter", n),
        at(n),
        at(n),
        uuid("a", n),
        uuid("b", n),
    )
}

fn imaging(n: i64) -> String {
    format!(
        r#"{{{},"identifier":[{{"use":"official","system":"urn:ietf:rfc:3986","value":"urn:oid:1.2.840.99999999.1.{n}"}}],"status":"available","subject":{},"encounter":{},"started":"{}","numberOfSeries":1,"numberOfInstances":1,"series":[{{"uid":"1.2.840.99999999.1.{n}.1","number":1,"modality":{{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"DX","display":"Digital Radiography"}},"numberOfInstances":1,"availability":"ONLINE","bodySite":{{"system":"{SNOMED}","code":"51185008","display":"Thoracic structure (body structure)"}},"started":"{}"}}]}}"#,
        head("ImagingStudy", n),
        reference("Patient", n),
        reference("Encounter", n),
        at(n),
        at(n),
    )
}

fn encounter(n: i64) -> String {
    format!(
        r#"{{{},"status":"finished","class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{}"}},"type":[{}],"subject":{},"participant":[{{"type":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"PPRF","display":"primary performer"}}],"text":"primary performer"}}],"period":{{"start":"{}","end":"{}"}},"individual":{}}}],"period":{{"start":"{}","end":"{}"}},"serviceProvider":{}}}"#,
        head("Encounter", n),
        pick(&["AMB", "EMER", "IMP"], n),
        concept(SNOMED, 162_673_000, "General examination of patient (procedure)"),
        reference("Patient", n),
        at(n),
        at(n),
        reference("Practitioner", n % 9),
        at(n),
        at(n),
        reference("Organization", n % 7),
    )
}

fn medication(n: i64) -> String {
    let words = pick(
        &["Acetaminophen 325 MG Oral Tablet", "lisinopril 10 MG Oral Tablet", "Hydrochlorothiazide 25 MG Oral Tablet"],
        n,
    );
    format!(
        r#"{{{},"status":"{}","intent":"order","medicationCodeableConcept":{},"subject":{},"encounter":{},"authoredOn":"{}","requester":{},"reasonReference":[{}],"dosageInstruction":[{{"sequence":1,"timing":{{"repeat":{{"frequency":1,"period":1.0,"periodUnit":"d"}}}},"asNeededBoolean":false,"doseAndRate":[{{"type":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/dose-rate-type","code":"ordered","display":"Ordered"}}]}},"doseQuantity":{{"value":1.0}}}}]}}]}}"#,
        head("MedicationRequest", n),
        pick(&["active", "stopped"], n),
        concept("http://www.nlm.nih.gov/research/umls/rxnorm", 310_798 + n % 90, words),
        reference("Patient", n),
        reference("Encounter", n),
        at(n),
        reference("Practitioner", n % 9),
        reference("Condition", n),
    )
}

fn laboratory(n: i64) -> String {
    let (words, unit) = [
        ("Glucose", "mg/dL"),
        ("Creatinine", "mg/dL"),
        ("Potassium", "mmol/L"),
        ("Hemoglobin A1c/Hemoglobin.total in Blood", "%"),
    ][n as usize % 4];
    format!(
        r#"{{{},"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"laboratory"}}]}}],"code":{},"subject":{},"encounter":{},"effectiveDateTime":"{}","issued":"{}","valueQuantity":{{"value":{}.{},"unit":"{unit}","system":"http://unitsofmeasure.org","code":"{unit}"}}}}"#,
        head("Observation", n),
        concept(LOINC, 2_339 + n % 50, words),
        reference("Patient", n),
        reference("Encounter", n),
        at(n),
        at(n),
        n % 200,
        n * 7_919,
    )
}

fn condition(n: i64) -> String {
    let words = pick(
        &[
            "Viral sinusitis (disorder)",
            "Acute bronchitis (disorder)",
            "Hypertension",
            "Prediabetes",
            "Anemia (disorder)",
        ],
        n,
    );
    format!(
        r#"{{{},"clinicalStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"{}"}}]}},"verificationStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}}]}},"code":{},"subject":{},"encounter":{},"onsetDateTime":"{}","abatementDateTime":"{}","recordedDate":"{}"}}"#,
        head("Condition", n),
        pick(&["active", "resolved"], n),
        concept(SNOMED, 444_814_009 + n % 60, words),
        reference("Patient", n),
        reference("Encounter", n),
        at(n),
        at(n + 9),
        at(n),
    )
}

fn immunization(n: i64) -> String {
    let words = pick(
        &[
            "Influenza, seasonal, injectable, preservative free",
            "Td (adult) preservative free",
            "zoster",
            "HPV, quadrivalent",
        ],
        n,
    );
    format!(
        r#"{{{},"status":"completed","vaccineCode":{},"patient":{},"encounter":{},"occurrenceDateTime":"{}","primarySource":true}}"#,
        head("Immunization", n),
        concept("http://hl7.org/fhir/sid/cvx", 100 + n % 60, words),
        reference("Patient", n),
        reference("Encounter", n),
        at(n),
    )
}
