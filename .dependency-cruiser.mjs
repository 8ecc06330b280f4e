/** The house's order, held by `npm run lint`: arrows between rooms point downward, and nothing goes in circles. */

/** Rooms of lib/ from the top floor down; a room imports only what stands after it. */
const FLOORS = [
  "cli",
  "notebook",
  "experiments",
  "evaluation",
  "training",
  "rollout",
  "objective",
  "rewards",
  "model",
  "metrics",
  "world",
  "display",
  "runtime",
  "util",
];

/** Rooms that work for any world, and know lib/world's interfaces and data sets alone. */
const FOR_ANY_WORLD = FLOORS.slice(FLOORS.indexOf("evaluation"), FLOORS.indexOf("world"));

const inside = (rooms) => `^lib/(?:${rooms.join("|")})/`;

const downward = FLOORS.slice(1).map((room, i) => ({
  name: `${room}-imports-downward`,
  severity: "error",
  comment: `lib/${room} imports only from ${FLOORS.slice(i + 2).join(", ") || "nothing of ours"}`,
  from: { path: inside([room]) },
  to: { path: inside([...FLOORS.slice(0, i + 1), "kernel"]) },
}));

export default {
  forbidden: [
    ...downward,
    {
      name: "door-is-for-others",
      severity: "error",
      comment: "lib imports a thing where it is declared; lib/index.ts is for those outside",
      from: { path: "^lib/" },
      to: { path: "^lib/index[.]ts$" },
    },
    {
      name: "outside-uses-the-door",
      severity: "error",
      comment: "what test/own shows has to be possible for those who have the package alone",
      from: { path: "^test/own/(?:outside|model|world)[.](?:test[.])?ts$", pathNot: "^test/own/world[.]test[.]ts$" },
      to: { path: "^(?:lib|test)/", pathNot: "^lib/index[.]ts$|^test/own/" },
    },
    {
      name: "no-circle-of-files",
      severity: "error",
      comment: "type imports count: two files that need each other's types are one idea, or want a third below both",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-circle-of-folders",
      severity: "error",
      comment: "lib/kernel is a package of its own, with its own order",
      scope: "folder",
      from: { pathNot: "^lib/kernel/" },
      to: { circular: true },
    },
    {
      name: "no-world-in-particular",
      severity: "error",
      comment:
        "what is trained, rewarded and measured is so in any world: lib/world's interfaces and data sets are all it knows",
      from: { path: inside(FOR_ANY_WORLD) },
      to: { path: "^lib/world/[^/]+/", pathNot: "^lib/world/dataset/" },
    },
    {
      name: "kernel-stands-alone",
      severity: "error",
      comment: "lib/kernel is a package of its own, and knows nothing of the project around it",
      from: { path: "^lib/kernel/" },
      to: { path: "^(?:lib|test)/", pathNot: "^lib/kernel/" },
    },
    {
      name: "no-tests-in-lib",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^test/" },
    },
    {
      name: "no-development-packages-in-lib",
      severity: "error",
      // tslab's mended compiler is the one that tslab itself brings.
      from: { path: "^lib/", pathNot: ["^lib/notebook/tslab/", "^lib/kernel/(?:test|launch)/"] },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
