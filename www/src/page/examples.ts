/** A snapshot to begin with, and a visitor of it. */
export interface Example {
  readonly name: string;
  readonly snapshot: object;
  readonly context: object;
}

export const EXAMPLES: readonly [Example, ...Example[]] = [
  {
    name: "A rollout",
    snapshot: {
      flags: { "new-checkout": { enabled: true, rolloutPercentage: 25, whitelistUsers: ["alice", "bob"] } },
    },
    context: { userId: "trent" },
  },
  {
    name: "An experiment with three arms",
    snapshot: {
      flags: {
        "button-colour": {
          enabled: true,
          variants: { plain: null, blue: "#0072b2", orange: "#e69f00", green: "#009e73" },
          offVariant: "plain",
          rollout: {
            percentage: 60,
            split: [
              { variant: "blue", weight: 50 },
              { variant: "orange", weight: 30 },
              { variant: "green", weight: 20 },
            ],
          },
        },
      },
    },
    context: { userId: "carol" },
  },
  {
    name: "Rules, a segment and a prerequisite",
    snapshot: {
      segments: { paying: { attribute: "plan", op: "in", values: ["pro", "team"] } },
      flags: {
        "new-index": { enabled: true, rolloutPercentage: 40 },
        "new-search": {
          enabled: true,
          rules: [
            { name: "staff", if: { attribute: "email", op: "endsWith", values: ["@acme.example"] }, serve: "on" },
            {
              name: "paying, in Europe",
              if: {
                all: [
                  { segment: "paying" },
                  { attribute: "country", op: "in", values: ["DE", "FR", "NL"] },
                  { flag: "new-index", is: "on" },
                ],
              },
              rollout: { percentage: 80 },
            },
          ],
          rolloutPercentage: 5,
        },
      },
    },
    context: { userId: "dave", plan: "pro", country: "DE" },
  },
];
