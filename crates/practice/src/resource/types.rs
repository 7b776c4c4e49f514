//! The resource types of FHIR R4 (<https://hl7.org/fhir/R4/resourcelist.html>).

use std::fmt;

/// An R4 resource type: always one of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceType(&'static str);

impl ResourceType {
    /// AllergyIntolerance.
    pub const ALLERGY_INTOLERANCE: Self = Self("AllergyIntolerance");
    /// Appointment.
    pub const APPOINTMENT: Self = Self("Appointment");
    /// AuditEvent.
    pub const AUDIT_EVENT: Self = Self("AuditEvent");
    /// Claim.
    pub const CLAIM: Self = Self("Claim");
    /// Communication.
    pub const COMMUNICATION: Self = Self("Communication");
    /// Condition.
    pub const CONDITION: Self = Self("Condition");
    /// Coverage.
    pub const COVERAGE: Self = Self("Coverage");
    /// DiagnosticReport.
    pub const DIAGNOSTIC_REPORT: Self = Self("DiagnosticReport");
    /// DocumentReference.
    pub const DOCUMENT_REFERENCE: Self = Self("DocumentReference");
    /// Encounter.
    pub const ENCOUNTER: Self = Self("Encounter");
    /// ExplanationOfBenefit.
    pub const EXPLANATION_OF_BENEFIT: Self = Self("ExplanationOfBenefit");
    /// HealthcareService.
    pub const HEALTHCARE_SERVICE: Self = Self("HealthcareService");
    /// Immunization.
    pub const IMMUNIZATION: Self = Self("Immunization");
    /// Location.
    pub const LOCATION: Self = Self("Location");
    /// MedicationRequest.
    pub const MEDICATION_REQUEST: Self = Self("MedicationRequest");
    /// MedicationStatement.
    pub const MEDICATION_STATEMENT: Self = Self("MedicationStatement");
    /// Observation.
    pub const OBSERVATION: Self = Self("Observation");
    /// Organization.
    pub const ORGANIZATION: Self = Self("Organization");
    /// Patient.
    pub const PATIENT: Self = Self("Patient");
    /// Practitioner.
    pub const PRACTITIONER: Self = Self("Practitioner");
    /// PractitionerRole.
    pub const PRACTITIONER_ROLE: Self = Self("PractitionerRole");
    /// Procedure.
    pub const PROCEDURE: Self = Self("Procedure");
    /// Provenance.
    pub const PROVENANCE: Self = Self("Provenance");
    /// Schedule.
    pub const SCHEDULE: Self = Self("Schedule");
    /// Slot.
    pub const SLOT: Self = Self("Slot");
    /// Task.
    pub const TASK: Self = Self("Task");
    /// Bundle.
    pub const BUNDLE: Self = Self("Bundle");
    /// Flag.
    pub const FLAG: Self = Self("Flag");

    /// Reads a type; `None` when R4 has none of that name.
    pub fn parse(name: &str) -> Option<Self> {
        NAMES.binary_search(&name).ok().map(|i| Self(NAMES[i]))
    }

    /// Every type, sorted.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|name| Self(name))
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

const NAMES: [&str; 146] = [
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "Bundle",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Condition",
    "Consent",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "EffectEvidenceSynthesis",
    "Encounter",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
    "MedicinalProduct",
    "MedicinalProductAuthorization",
    "MedicinalProductContraindication",
    "MedicinalProductIndication",
    "MedicinalProductIngredient",
    "MedicinalProductInteraction",
    "MedicinalProductManufactured",
    "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect",
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "Observation",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "Patient",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "ResearchSubject",
    "RiskAssessment",
    "RiskEvidenceSynthesis",
    "Schedule",
    "SearchParameter",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_every_type_is_found() {
        assert!(NAMES.is_sorted());
        assert_eq!(ResourceType::parse("Patient"), Some(ResourceType::PATIENT));
        assert_eq!(ResourceType::parse("patient"), None);
    }
}
