/** What is to be read. */
export interface VolumeSource {
  /** Absolute path of a file, or of the folder of a DICOM series. */
  readonly file: string;
  /** What faults call it: its path in the data list or in the MMAR, never one of this machine. */
  readonly name: string;
  /** Channel or time point, from 0. */
  readonly channel: number;
  /** Which series of a DICOM folder, the largest first; default 0. */
  readonly series?: number;
}
