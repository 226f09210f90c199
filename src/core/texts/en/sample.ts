/** The texts of the sample data. */
export const SAMPLE = {
  'sample.headline': 'Sample data',
} as const;
