/** Kinds of things that can tell who a patient is, or where a file comes from. */
export const identifyingRules = {
  'dicom-file': 'a DICOM file: its header names the patient',
  'dicom-attribute': 'a DICOM attribute that identifies a patient, a visit or an institution',
  'person-name': "a person's name",
  'patient-id': 'the number of a patient or a visit',
  'dicom-uid': 'a DICOM UID, by which the images can be found again',
  date: 'a date: of birth, or of an examination',
  'email-address': 'an e-mail address',
  'local-path': "a folder of this machine, which may hold a user's or a patient's name",
} as const;

export type IdentifyingRule = keyof typeof identifyingRules;

/**
 * Attributes that DICOM PS3.15 (table E.1-1) removes or replaces, without those that only describe how an image was made:
 * they are met as keys of JSON.
 */
const ATTRIBUTES =
  /^(patient'?s?[ _-]?(name|id|birth[ _-]?date|address|telephone.*|mother.*|comments?)|other[ _-]?patient[ _-]?(ids?|names?)|(referring|performing|requesting|attending)[ _-]?physician.*|physicians?[ _-]?of[ _-]?record.*|operators?[ _-]?name|institution(al)?[ _-]?.*|station[ _-]?name|accession[ _-]?number|(study|series|sop[ _-]?instance|frame[ _-]?of[ _-]?reference)[ _-]?(instance)?[ _-]?uid|study[ _-]?id|(study|series|acquisition|content)[ _-]?(date|time)|mrn|medical[ _-]?record.*|date[ _-]?of[ _-]?birth|birth[ _-]?date|dob|ssn|social[ _-]?security.*|insurance.*)$/i;

const DATE = /(?<!\d)(?:19|20)\d\d([-./_]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)/;
const DAY_FIRST = /(?<!\d)(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])[./](?:19|20)\d\d(?!\d)/;

/** What stands anywhere in a text. */
const ANYWHERE: readonly (readonly [IdentifyingRule, RegExp])[] = [
  ['person-name', /\b[A-Z][A-Za-z'-]+\^[A-Z][A-Za-z'-]*/],
  ['person-name', /\bpatient(?:'?s)?[ _-]?name["']?\s*[:=]\s*["']?[A-Za-z]/i],
  [
    'patient-id',
    /\b(?:mrn|patient[ _-]?(?:id|number)|medical record number)["']?\s*[:=#]?\s*["']?[A-Z]{0,3}\d{4,}/i,
  ],
  ['dicom-uid', /(?<![\d.])[0-2](?:\.(?:0|[1-9]\d*)){7,}(?![\d.])/],
  ['date', /\b(?:born|birth(?:day| ?date)?|dob)["']?\s*[:=]?\s*["']?\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/i],
  [
    'local-path',
    /(?:^|[\s"'=(,:])(?:\/(?:home|Users|root)\/[^\s"'<>/]+|[A-Za-z]:\\+Users\\+[^\s"'\\]+|\\\\[\w.-]+\\[^\s"'\\]+)/,
  ],
];

/** What identifies where a short text is about one case: the name of a file, an entry of a data list, a header. */
const OF_ONE_CASE: readonly (readonly [IdentifyingRule, RegExp])[] = [
  ['date', DATE],
  ['date', DAY_FIRST],
  ['email-address', /[\w.+-]+@[\w-]+\.[A-Za-z]{2,}/],
  ['patient-id', /(?<!\d)(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))\d{7,}(?!\d)/],
  ['person-name', /(?:^|[/_. -])(?:mr|mrs|ms|dr)[_. -][A-Z][a-z]+/i],
];

/** The rules that a text falls under, each once. @param isOfOneCase it is about one case, so more of it identifies */
export function matchText(text: string, isOfOneCase: boolean): readonly IdentifyingRule[] {
  const rules = isOfOneCase ? [...ANYWHERE, ...OF_ONE_CASE] : ANYWHERE;
  return [...new Set(rules.filter(([, pattern]) => pattern.test(text)).map(([rule]) => rule))];
}

/** True for a key of JSON that is a DICOM attribute which identifies, by name or as `0010,0010` and `00100010`. */
export function isIdentifyingKey(key: string): boolean {
  return ATTRIBUTES.test(key.replace(/([a-z])([A-Z])/g, '$1 $2')) || ATTRIBUTES.test(key) || isTag(key);
}

/** Group 0010 is the patient; of 0008 those that name people, places, dates and UIDs. */
function isTag(key: string): boolean {
  const tag = key.replace(/[(),\s]/g, '').toLowerCase();
  return (
    /^0010[0-9a-f]{4}$/.test(tag) || /^0008(0018|002[0-3]|0050|0080|0081|0090|1010|1048|1050|1070)$/.test(tag)
  );
}
