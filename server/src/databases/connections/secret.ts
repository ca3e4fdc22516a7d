// A password or key on its way to the driver: whatever prints, logs or serialises it by accident gets three stars.
// Nothing is encrypted here; the value is in memory as long as the settings are.

const stars = "***";

/** A text that only `reveal` shows. JSON, String(), template strings and Node's inspect give `***`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** The same text, compared without showing either. */
  equals(other: Secret | undefined): boolean {
    return other !== undefined && other.#value === this.#value;
  }

  toString(): string {
    return stars;
  }

  toJSON(): string {
    return stars;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return stars;
  }
}
