// The values that options of the command line may take.

export const checkFormats = ["pretty", "json", "sarif", "github", "gitlab", "junit", "markdown"] as const;
export type CheckFormat = (typeof checkFormats)[number];

/** From the mildest; "never": no finding fails the command. */
export const failOnLevels = ["hint", "information", "warning", "error", "never"] as const;
export type FailOn = (typeof failOnLevels)[number];

export const plainFormats = ["pretty", "json"] as const;
export type PlainFormat = (typeof plainFormats)[number];

export const healthFormats = ["pretty", "json", "prometheus"] as const;
export type HealthFormat = (typeof healthFormats)[number];
