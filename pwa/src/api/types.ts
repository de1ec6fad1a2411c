import type { components } from './schema'

/** The structs of the wire, under the names the pages use. */
type Schemas = components['schemas']

export interface Page<T> {
  items: T[]
  /** Goes into `after`; null on the last page. */
  next?: string | null
}

export type Me = Schemas['Me']
export type Role = Schemas['Role']
export type Region = Schemas['RegionOut']

export type PointKind = Schemas['PointKind']
export type Side = Schemas['Side']
export type ReadingState = Schemas['ReadingState']
export type PointNow = Schemas['PointOut']
export type Tank = Schemas['TankOut']
export type Detector = Schemas['DetectorOut']
export type PointDetail = Schemas['PointDetail']
export type LimitVersion = Schemas['LimitSetOut']
export type Gateway = Schemas['GatewayOut']
export type TrendOut = Schemas['TrendOut']

export type ProposalState = Schemas['ProposalState']
export type ProposalRow = Schemas['ProposalRow']
export type Proposal = Schemas['ProposalOut']
export type ProposalLine = Schemas['ProposalLineOut']
export type ProposalStep = Schemas['ProposalStepOut']
export type ProposalCounts = Schemas['ProposalCounts']
export type LineDraft = Schemas['LineDraft']
export type ProposalDraft = Schemas['ProposalDraft']
export type Verification = Schemas['Verification']
export type LimitPreview = Schemas['PreviewOut']
export type BulkLines = Schemas['BulkLines']
export type BulkRequest = Schemas['BulkRequest']

export type Alarm = Schemas['AlarmOut']
export type AlarmDetail = Schemas['AlarmDetail']
export type AlarmEvent = Schemas['AlarmEventOut']
export type AlarmCounts = Schemas['AlarmCounts']
export type AlarmState = Schemas['AlarmState']
export type Delivery = Schemas['DeliveryOut']

export type WorkKind = Schemas['WorkKind']
export type WorkGrade = Schemas['WorkGrade']
export type WorkState = Schemas['WorkState']
export type WorkReport = Schemas['WorkReportOut']
export type WorkReportDraft = Required<Schemas['WorkReportDraft']>
export type WorkCounts = Schemas['WorkCounts']

export type CommitmentContent = Required<Schemas['CommitmentContent']>
export type ContentField = keyof CommitmentContent
export type FieldValue = number | boolean | string
export type ContentWarning = Schemas['ContentWarning']
export type CommitmentState = Schemas['CommitmentState']
export type CommitmentFilter = Schemas['CommitmentFilter']
export type LateReason = Schemas['LateReason']
export type CommitmentFiling = Schemas['Filing']
export type CommitmentRecord = Schemas['CommitmentOut']
export type CommitmentVersion = Schemas['VersionOut']
export type CommitmentDay = Schemas['DayRow']
export type CommitmentCounts = Schemas['DayCounts']
export type CommitmentMonth = Schemas['MonthOut']
export type MonthDay = Schemas['MonthDay']
/** One field of the draft and where its value comes from. */
export type Evidence = Omit<Schemas['Evidence'], 'field' | 'detail'> & { field: ContentField; detail: Required<Schemas['EvidenceDetail']> }
export type CommitmentDraft = Omit<Schemas['DraftOut'], 'content' | 'evidence'> & { content: CommitmentContent; evidence: Evidence[] }

export type HazardRisk = Schemas['HazardRisk']
export type EnterpriseMark = Schemas['EnterpriseMark']
export type EnterpriseRisk = Schemas['EnterpriseRisk']
export type RiskCounts = Schemas['RiskCounts']
export type RiskCause = Schemas['Cause']
export type Explanation = Schemas['Explanation']
export type Enterprise = Schemas['EnterpriseOut']
export type EnterpriseRegister = Schemas['RegisterOut']
export type EnterpriseInfo = Schemas['InfoIn']
export type InfoChange = Schemas['InfoChange']
export type Camera = Schemas['CameraOut']
export type Hazard = Schemas['HazardOut']
export type HazardDetail = Schemas['HazardDetail']
export type HeldChemical = Schemas['HeldOut']
export type HeldDraft = Required<Schemas['HeldIn']>
export type HazardChange = Schemas['HazardChange']
export type HazardForecast = Schemas['HazardForecast']
export type ResponsibleRole = Schemas['ResponsibleRole']
export type Chemical = Schemas['ChemicalOut']
export type HazardClass = Schemas['HazardClass']

export type PointCondition = Schemas['PointState']
export type PointStates = Schemas['PointStatesOut']
export type StateCounts = Schemas['StateCounts']
export type GatewayDetail = Schemas['GatewayDetail']
export type GatewaySecret = Schemas['SecretOut']
export type GatewaySetup = Schemas['SetupOut']
export type ClockCheck = Schemas['ClockCheck']

export type OutageCause = Schemas['OutageCause']
export type OutageScope = Schemas['OutageScope']
export type Stop = Schemas['StopOut']
export type StopDraft = Schemas['StopDraft']
export type StopState = Schemas['StopState']
export type Gap = Schemas['GapOut']
export type GapState = Schemas['GapState']
export type GapDetail = Schemas['GapDetail']
export type GapChange = Schemas['GapChangeOut']
export type Colleague = Schemas['ColleagueOut']
export type GapCounts = Schemas['GapCountsOut']

export type AccessStep = Schemas['AccessStep']
export type AccessStepRow = Schemas['AccessStepOut']
export type AccessLine = Schemas['AccessLineOut']
export type AccessLedger = Schemas['LedgerOut']
export type EnterpriseAccess = Schemas['EnterpriseAccess']
export type Coverage = Schemas['CoverageOut']
export type CoverageRow = Schemas['CoverageRow']
export type StepChange = Schemas['StepChange']
export type UnsignedPlace = Schemas['UnsignedOut']
export type AccessPhoto = Schemas['AccessPhotoOut']
export type AccessContact = Schemas['AccessContactOut']
export type ContactDraft = Schemas['ContactDraft']
export type ContactChange = Schemas['ContactChange']
