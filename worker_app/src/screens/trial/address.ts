/** The page's own address says which project: /console/projects/<id>/try/app/ */
export const triedProject = (path = location.pathname): string | undefined => /\/projects\/(\d+)\/try\/app\/$/.exec(path)?.[1];
