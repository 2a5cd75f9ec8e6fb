import { z } from 'zod';

/** The series that are in one DICOM folder, the one of most images first, and which of them is shown. Names no patient. */
export const seriesChoice = z.object({
  shown: z.int().nonnegative().describe('its place in the list'),
  all: z.array(
    z.object({
      description: z.string().optional(),
      number: z.number().optional(),
      modality: z.string().optional(),
      images: z.int().positive(),
      columns: z.int(),
      rows: z.int(),
    }),
  ),
});

export type SeriesChoice = z.output<typeof seriesChoice>;
