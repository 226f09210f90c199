/** What events are shown as that can have words of their own; out of office has its own anyway. */
export const WORDED = ['busy', 'tentative', 'workingElsewhere', 'free', 'unknown'] as const;

/** The numbers of minutes among the rules. */
export const MINUTES = ['minimumMinutes', 'bridgeMinutes', 'leadMinutes', 'tailMinutes'] as const;
