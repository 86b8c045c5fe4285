// Where the server takes work in, and under which name it waits on this device.

/** Of a task its ranking. */
export const rankings = {
  box: "outbox",
  work: (taskId) => `/api/tasks/${taskId}/ranking`,
  draft: (taskId) => `/api/tasks/${taskId}/draft`,
  lease: (taskId) => `/api/tasks/${taskId}/lease`,
};

/** Of a prompt a demonstration. */
export const demonstrations = {
  box: "outbox.demonstrations",
  work: (promptId) => `/api/prompts/${promptId}/demonstration`,
  draft: (promptId) => `/api/prompts/${promptId}/demonstration/draft`,
  lease: (promptId) => `/api/prompts/${promptId}/demonstration/lease`,
};
