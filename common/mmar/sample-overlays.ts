/** Folder of the sample pictures, in the model folder of a training and among the artifacts of its run. */
export const SAMPLES_FOLDER = 'samples';

/** How many validation cases have a picture at most. */
const MOST_SAMPLES = 3;

/** Names of the pictures: by the place of the case in the validation, since its own name may tell of a patient. */
export const SAMPLE_FILES: readonly string[] = Array.from(
  { length: MOST_SAMPLES },
  (_, index) => `validation_${index + 1}.png`,
);

/** With the draft that a crash may leave. */
const SAMPLE_PATH = /(?:^|[\\/])samples[\\/]validation_\d+\.png(?:\.draft)?$/;

/** True for the path of such a picture, on any platform: it shows a patient, and goes nowhere with an MMAR. */
export const isSamplePicture = (path: string): boolean => SAMPLE_PATH.test(path);
