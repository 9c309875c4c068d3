// Made by `npm run client` from the OpenAPI documents of the server: change those, not this.
export interface paths {
  "/api/v1/monitoring/health": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * System health check
     * @description Asks the database and, where it is configured, Redis. The carrier is judged by how it took our last requests.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description How the parts are */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /**
               * @description degraded: only the carrier fails
               * @enum {string}
               */
              status: "healthy" | "degraded" | "unhealthy";
              /** @example 2025-11-01T10:00:00.000Z */
              timestamp: string;
              services: {
                /** @enum {string} */
                database: "healthy" | "unhealthy";
                /**
                 * @description Without Redis the queues live in the database
                 * @enum {string}
                 */
                redis: "healthy" | "unhealthy" | "not configured";
                /**
                 * @description How it took our requests of the last ten minutes; unknown: there were none
                 * @enum {string}
                 */
                twilio: "healthy" | "unhealthy" | "unknown" | "not configured";
              };
              metrics: {
                /** @description Seconds since this process started */
                uptime: number;
                /** @description Percent of the machine’s memory in use */
                memoryUsage: number;
                /** @description Percent of all cores in use since the question before */
                cpuUsage: number;
              };
            };
          };
        };
        429: components["responses"]["Error429"];
        500: components["responses"]["Error500"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/login": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Log in
     * @description By e-mail and password.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example your@email.com */
            email: string;
            /** @example secure_password */
            password: string;
          };
        };
      };
      responses: {
        /** @description Logged in */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description For `Authorization: Bearer`; lives an hour */
                accessToken: string;
                /** @description Good for one `POST /auth/refresh`, within 30 days of the log-in */
                refreshToken: string;
                /**
                 * @description Seconds the access token lives
                 * @example 3600
                 */
                expiresIn: number;
                user: {
                  /** @example user_123 */
                  id: string;
                  email: string;
                  role: string;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/refresh": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Refresh
     * @description New tokens for a refresh token. Each refresh token works once: one that comes back was copied by somebody, and ends the whole session.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            refreshToken: string;
          };
        };
      };
      responses: {
        /** @description Refreshed */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description For `Authorization: Bearer`; lives an hour */
                accessToken: string;
                /** @description Good for one `POST /auth/refresh`, within 30 days of the log-in */
                refreshToken: string;
                /**
                 * @description Seconds the access token lives
                 * @example 3600
                 */
                expiresIn: number;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/register": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Register
     * @description Makes an account with its first user, its owner. Passwords have 8 characters or more and are not among the most common. Without a name the user is called what their e-mail reads.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example your@email.com */
            email: string;
            /** @example secure_password */
            password: string;
            /** @example Jane Doe */
            name?: string;
          };
        };
      };
      responses: {
        /** @description Registered */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description For `Authorization: Bearer`; lives an hour */
                accessToken: string;
                /** @description Good for one `POST /auth/refresh`, within 30 days of the log-in */
                refreshToken: string;
                /**
                 * @description Seconds the access token lives
                 * @example 3600
                 */
                expiresIn: number;
                user: {
                  /** @example user_123 */
                  id: string;
                  email: string;
                  role: string;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/logout": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Log out
     * @description Ends the session at once: its access and refresh tokens stop working.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Logged out */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/monitoring/metrics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * System metrics
     * @description What the system does just now: performance, resources and error rates of this server, and the calls of your account.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The figures */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example 2025-11-01T10:00:00.000Z */
                timestamp: string;
                /** @description Of the api process that answers */
                performance: {
                  /** @description Answered in the last minute */
                  requests: number;
                  requestsPerSecond: number;
                  /** @description Milliseconds; null: nobody asked anything */
                  averageResponseTime: number | null;
                  /** @description Milliseconds that 95 of 100 answers stayed below */
                  p95ResponseTime: number | null;
                  /** @description Percent of the answers that were a fault of ours */
                  errorRate: number;
                };
                /** @description Of the api process that answers and its machine */
                resources: {
                  /** @description Seconds since the process started */
                  uptime: number;
                  /** @description Percent of the machine’s memory in use */
                  memoryUsage: number;
                  /** @description Bytes */
                  processMemory: number;
                  /** @description Bytes */
                  heapUsed: number;
                  /** @description Percent of all cores in use */
                  cpuUsage: number;
                  /** @description How late the worst hundredth of timers was, in milliseconds */
                  eventLoopDelay: number;
                };
                /** @description Of your account; empty while the database is away */
                calls: {
                  /** @description In the queue and in flight */
                  byStatus: {
                    [key: string]: number;
                  };
                  /** @description May ring now and are not in the queue yet, up to 10,000 */
                  waiting: number;
                  /** @description Since midnight UTC, by how they ended */
                  endedToday: {
                    [key: string]: number;
                  };
                };
                /** @description Jobs that dial, of the whole system */
                queue: {
                  waiting: number;
                  delayed: number;
                  active: number;
                  failed: number;
                };
                services: {
                  /** @enum {string} */
                  database: "healthy" | "unhealthy" | "unknown" | "not configured";
                  /** @enum {string} */
                  redis: "healthy" | "unhealthy" | "unknown" | "not configured";
                  /** @enum {string} */
                  twilio: "healthy" | "unhealthy" | "unknown" | "not configured";
                };
                /** @description What somebody should look at now */
                alerts: {
                  /** @enum {string} */
                  name: "responseTime" | "errorRate" | "memoryUsage" | "database";
                  message: string;
                  value: number | null;
                  threshold: number | null;
                }[];
              };
            };
          };
        };
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/monitoring/stream": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Live metrics
     * @description The same every 2 seconds, as server-sent events: `figures`, and `over` when the token, the session or the role ends. 5 streams a user at most.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Events */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/event-stream": string;
          };
        };
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/users/profile": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get current user profile
     * @description The user behind the token.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The profile */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example user_123 */
                id: string;
                email: string;
                firstName: string;
                lastName: string;
                /** @enum {string} */
                role: "owner" | "admin" | "manager" | "agent";
                /** @description E.164; null: none */
                phone: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                lastLoginAt: string | null;
              };
            };
          };
        };
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    /**
     * Update user profile
     * @description What is not named stays as it is; an empty phone removes it.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @description First name */
            firstName?: string;
            /** @description Last name */
            lastName?: string;
            /**
             * @description E.164
             * @example +14155550100
             */
            phone?: string;
          };
        };
      };
      responses: {
        /** @description The profile as it is now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example user_123 */
                id: string;
                email: string;
                firstName: string;
                lastName: string;
                /** @enum {string} */
                role: "owner" | "admin" | "manager" | "agent";
                /** @description E.164; null: none */
                phone: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                lastLoginAt: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/users": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List all users
     * @description The people of the account, newest first. For administrators.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
          /** @description Only people with this role */
          role?: "owner" | "admin" | "manager" | "agent";
          /** @description Part of a name or an e-mail */
          search?: string;
          /** @description Only who may log in, or only who may not */
          isActive?: boolean;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of people */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example user_123 */
                id: string;
                email: string;
                firstName: string;
                lastName: string;
                /** @enum {string} */
                role: "owner" | "admin" | "manager" | "agent";
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                lastLoginAt: string | null;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/users/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change a user’s role, or switch them off or on
     * @description For administrators; owners are changed by owners, and the last one stays. It holds at once: who is switched off is logged out everywhere.
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @example user_123 */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @enum {string} */
            role?: "owner" | "admin" | "manager" | "agent";
            isActive?: boolean;
          };
        };
      };
      responses: {
        /** @description The user as they are now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example user_123 */
                id: string;
                email: string;
                firstName: string;
                lastName: string;
                /** @enum {string} */
                role: "owner" | "admin" | "manager" | "agent";
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                lastLoginAt: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    trace?: never;
  };
  "/api/v1/campaigns": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List campaigns
     * @description Newest first. `search` looks for a part of the name or description. `cursor` reads on where a page ended, at any depth.
     */
    get: {
      parameters: {
        query?: {
          status?: "DRAFT" | "ACTIVE" | "PAUSED" | "COMPLETED";
          type?: "OUTBOUND" | "INBOUND" | "PREDICTIVE";
          search?: string;
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
          /** @description Instead of `page`: where the page before ended */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of campaigns */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example campaign_1 */
                id: string;
                name: string;
                description: string | null;
                /** @enum {string} */
                type: "OUTBOUND" | "INBOUND" | "PREDICTIVE";
                /** @enum {string} */
                status: "DRAFT" | "ACTIVE" | "PAUSED" | "COMPLETED";
                settings: {
                  /** @description The most lines for one free person */
                  dialRatio: number;
                  /** @description Dials of one contact after the first */
                  maxRetries: number;
                  /** @enum {string} */
                  dialingMode: "auto" | "progressive" | "predictive" | "preview";
                  /** @description Seconds between calls */
                  callDelay: number;
                  /** @description Minutes before each retry; null: as the agent’s retry rules say */
                  retryInterval: number | null;
                  /** @description Seconds a phone rings; null: as the service does */
                  callTimeout: number | null;
                  /** @description Calls at once; null: no limit of its own */
                  maxCalls: number | null;
                  /** @enum {string} */
                  contactOrder: "oldest_first" | "newest_first";
                };
                /** @description What it does not name is not limited */
                scheduleConfig: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  startDate?: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  endDate?: string;
                  timezone?: string;
                  workingHours?: {
                    start: string;
                    end: string;
                  };
                };
                /**
                 * @description The platform administrator’s word
                 * @enum {string}
                 */
                approval: "PENDING" | "APPROVED" | "REJECTED";
                /**
                 * @description null: chosen when it starts
                 * @example agent_1
                 */
                agentId: string | null;
                /** @example flow_1 */
                flowId: string | null;
                totalContacts: number;
                /** @description Whose dialing is over */
                completedContacts: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                startedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                completedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
                /** @description Leads to the page after this one; missing on the last */
                nextCursor?: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    /**
     * Create campaign
     * @description It is a draft unless `status` says otherwise. One that starts without an agent takes the oldest active AI agent.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            name: string;
            description?: string;
            /**
             * @description Default: OUTBOUND. INBOUND dials nobody
             * @enum {string}
             */
            type?: "OUTBOUND" | "INBOUND" | "PREDICTIVE";
            /**
             * @description Default: DRAFT
             * @enum {string}
             */
            status?: "DRAFT" | "ACTIVE" | "PAUSED" | "COMPLETED";
            settings?: {
              /** @description Seconds between calls; default 0 */
              callDelay?: number;
              /** @description Minutes before each retry */
              retryInterval?: number;
              /** @description Seconds a phone rings */
              callTimeout?: number;
              /** @description Calls at once */
              maxCalls?: number;
              /**
               * @description Default: oldest_first
               * @enum {string}
               */
              contactOrder?: "oldest_first" | "newest_first";
              /** @description PREDICTIVE: the most lines for one free person; default 1 */
              dialRatio?: number;
              /** @description Dials of one contact after the first; default 2 */
              maxRetries?: number;
              /**
               * @description Default: auto, of PREDICTIVE predictive
               * @enum {string}
               */
              dialingMode?: "auto" | "progressive" | "predictive" | "preview";
            };
            /** @description Replaced as a whole; what it does not name is not limited */
            scheduleConfig?: {
              /** @description ISO 8601: nothing rings before */
              startDate?: string;
              /** @description ISO 8601: completed then, whatever is left */
              endDate?: string;
              /** @description IANA name */
              timezone?: string;
              /** @description In the callee’s own time, on every day */
              workingHours?: {
                /** @example 09:00 */
                start: string;
                /** @example 09:00 */
                end: string;
              };
            };
            /** @description Who talks; default: the account’s oldest active AI agent when the campaign starts */
            agentId?: string;
            /** @description The conversation */
            flowId?: string;
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example campaign_1 */
                id: string;
                name: string;
                description: string | null;
                /** @enum {string} */
                type: "OUTBOUND" | "INBOUND" | "PREDICTIVE";
                /** @enum {string} */
                status: "DRAFT" | "ACTIVE" | "PAUSED" | "COMPLETED";
                settings: {
                  /** @description The most lines for one free person */
                  dialRatio: number;
                  /** @description Dials of one contact after the first */
                  maxRetries: number;
                  /** @enum {string} */
                  dialingMode: "auto" | "progressive" | "predictive" | "preview";
                  /** @description Seconds between calls */
                  callDelay: number;
                  /** @description Minutes before each retry; null: as the agent’s retry rules say */
                  retryInterval: number | null;
                  /** @description Seconds a phone rings; null: as the service does */
                  callTimeout: number | null;
                  /** @description Calls at once; null: no limit of its own */
                  maxCalls: number | null;
                  /** @enum {string} */
                  contactOrder: "oldest_first" | "newest_first";
                };
                /** @description What it does not name is not limited */
                scheduleConfig: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  startDate?: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  endDate?: string;
                  timezone?: string;
                  workingHours?: {
                    start: string;
                    end: string;
                  };
                };
                /**
                 * @description The platform administrator’s word
                 * @enum {string}
                 */
                approval: "PENDING" | "APPROVED" | "REJECTED";
                /**
                 * @description null: chosen when it starts
                 * @example agent_1
                 */
                agentId: string | null;
                /** @example flow_1 */
                flowId: string | null;
                totalContacts: number;
                /** @description Whose dialing is over */
                completedContacts: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                startedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                completedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{id}/preflight": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Preflight
     * @description How many contacts would be skipped and why, and when the campaign would be through at what cost. Changes nothing.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `campaign_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description What would happen */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @description Contacts that wait for their first dial */
                waiting: number;
                /** @description Contacts looked at, evenly among them; when fewer, `skipped` is an estimate */
                looked: number;
                /** @description Contacts that are not dialed, or not now, or with trouble; each counts once */
                skipped: {
                  /** @description On the do-not-call list */
                  suppressed: number;
                  /** @description Their status says not to call, or not interested */
                  refused: number;
                  /** @description Their calling hours never open */
                  neverOpen: number;
                  /** @description No country has assigned the number: dialed, and likely to fail */
                  unassigned: number;
                  /** @description Another active campaign is at the same number: dialed by both */
                  duplicate: number;
                  /** @description Dialed when their hours open */
                  outsideHours: number;
                };
                /** @description Why nothing is dialed just now */
                obstacles: string[];
                /** @description If everything stays as it is */
                forecast: {
                  /** @description Still to be made, retries included */
                  dials: number;
                  dialsPerHour: number;
                  /**
                   * @description null: never, as things stand
                   * @example 2025-11-01T10:00:00.000Z
                   */
                  finishAt: string | null;
                  /** @description In the account’s money */
                  cost: number;
                  basis: {
                    /** @description From the last 30 days of this campaign; false: assumed */
                    measured: boolean;
                    /** @description Percent of dials */
                    answerRate: number;
                    /** @description Seconds */
                    averageTalk: number;
                  };
                  /** @description Contacts that the balance pays for; null: it refills itself */
                  coveredContacts: number | null;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{id}/progress": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Progress
     * @description How far a campaign is, what it is doing, and when it will be through.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `campaign_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Where it is */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example campaign_1 */
                id: string;
                name: string;
                description: string | null;
                /** @enum {string} */
                type: "OUTBOUND" | "INBOUND" | "PREDICTIVE";
                /** @enum {string} */
                status: "DRAFT" | "ACTIVE" | "PAUSED" | "COMPLETED";
                settings: {
                  /** @description The most lines for one free person */
                  dialRatio: number;
                  /** @description Dials of one contact after the first */
                  maxRetries: number;
                  /** @enum {string} */
                  dialingMode: "auto" | "progressive" | "predictive" | "preview";
                  /** @description Seconds between calls */
                  callDelay: number;
                  /** @description Minutes before each retry; null: as the agent’s retry rules say */
                  retryInterval: number | null;
                  /** @description Seconds a phone rings; null: as the service does */
                  callTimeout: number | null;
                  /** @description Calls at once; null: no limit of its own */
                  maxCalls: number | null;
                  /** @enum {string} */
                  contactOrder: "oldest_first" | "newest_first";
                };
                /** @description What it does not name is not limited */
                scheduleConfig: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  startDate?: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  endDate?: string;
                  timezone?: string;
                  workingHours?: {
                    start: string;
                    end: string;
                  };
                };
                /**
                 * @description The platform administrator’s word
                 * @enum {string}
                 */
                approval: "PENDING" | "APPROVED" | "REJECTED";
                /**
                 * @description null: chosen when it starts
                 * @example agent_1
                 */
                agentId: string | null;
                /** @example flow_1 */
                flowId: string | null;
                totalContacts: number;
                /** @description Whose dialing is over */
                completedContacts: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                startedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                completedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                contacts: {
                  /** @description For their first dial */
                  waiting: number;
                  /** @description A call of theirs is under way or to come */
                  inLine: number;
                  completed: number;
                };
                calls: {
                  live: number;
                  /** @description To be dialed as soon as there is a place */
                  due: number;
                  /** @description Retries, and calls that wait for their hours */
                  later: number;
                };
                /** @description Ended, in the last 30 days */
                dials: {
                  total: number;
                  /** @description By a person */
                  answered: number;
                  /** @description Of these, without anybody to talk to within two seconds */
                  abandoned: number;
                  completed: number;
                  /** @description Seconds */
                  averageTalk: number;
                };
                agents: {
                  signedIn: number;
                  available: number;
                };
                /** @description Why nothing is dialed just now */
                obstacles: string[];
                /** @description If everything stays as it is */
                forecast: {
                  /** @description Still to be made, retries included */
                  dials: number;
                  dialsPerHour: number;
                  /**
                   * @description null: never, as things stand
                   * @example 2025-11-01T10:00:00.000Z
                   */
                  finishAt: string | null;
                  /** @description In the account’s money */
                  cost: number;
                  basis: {
                    /** @description From the last 30 days of this campaign; false: assumed */
                    measured: boolean;
                    /** @description Percent of dials */
                    answerRate: number;
                    /** @description Seconds */
                    averageTalk: number;
                  };
                  /** @description Contacts that the balance pays for; null: it refills itself */
                  coveredContacts: number | null;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get campaign
     * @description One campaign with its settings and how far it got.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `campaign_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The campaign */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example campaign_1 */
                id: string;
                name: string;
                description: string | null;
                /** @enum {string} */
                type: "OUTBOUND" | "INBOUND" | "PREDICTIVE";
                /** @enum {string} */
                status: "DRAFT" | "ACTIVE" | "PAUSED" | "COMPLETED";
                settings: {
                  /** @description The most lines for one free person */
                  dialRatio: number;
                  /** @description Dials of one contact after the first */
                  maxRetries: number;
                  /** @enum {string} */
                  dialingMode: "auto" | "progressive" | "predictive" | "preview";
                  /** @description Seconds between calls */
                  callDelay: number;
                  /** @description Minutes before each retry; null: as the agent’s retry rules say */
                  retryInterval: number | null;
                  /** @description Seconds a phone rings; null: as the service does */
                  callTimeout: number | null;
                  /** @description Calls at once; null: no limit of its own */
                  maxCalls: number | null;
                  /** @enum {string} */
                  contactOrder: "oldest_first" | "newest_first";
                };
                /** @description What it does not name is not limited */
                scheduleConfig: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  startDate?: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  endDate?: string;
                  timezone?: string;
                  workingHours?: {
                    start: string;
                    end: string;
                  };
                };
                /**
                 * @description The platform administrator’s word
                 * @enum {string}
                 */
                approval: "PENDING" | "APPROVED" | "REJECTED";
                /**
                 * @description null: chosen when it starts
                 * @example agent_1
                 */
                agentId: string | null;
                /** @example flow_1 */
                flowId: string | null;
                totalContacts: number;
                /** @description Whose dialing is over */
                completedContacts: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                startedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                completedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    /**
     * Update campaign
     * @description Changes what is given, also while it runs. PAUSED stops new rings at once and leaves everything in its place, ACTIVE goes on from there. One that completed itself goes on when contacts are added; any completed one with contacts left when it is set ACTIVE.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `campaign_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            name?: string;
            description?: string;
            /**
             * @description Default: OUTBOUND. INBOUND dials nobody
             * @enum {string}
             */
            type?: "OUTBOUND" | "INBOUND" | "PREDICTIVE";
            /**
             * @description Default: DRAFT
             * @enum {string}
             */
            status?: "DRAFT" | "ACTIVE" | "PAUSED" | "COMPLETED";
            settings?: {
              /** @description Seconds between calls; default 0 */
              callDelay?: number;
              /** @description Minutes before each retry */
              retryInterval?: number;
              /** @description Seconds a phone rings */
              callTimeout?: number;
              /** @description Calls at once */
              maxCalls?: number;
              /**
               * @description Default: oldest_first
               * @enum {string}
               */
              contactOrder?: "oldest_first" | "newest_first";
              /** @description PREDICTIVE: the most lines for one free person; default 1 */
              dialRatio?: number;
              /** @description Dials of one contact after the first; default 2 */
              maxRetries?: number;
              /**
               * @description Default: auto, of PREDICTIVE predictive
               * @enum {string}
               */
              dialingMode?: "auto" | "progressive" | "predictive" | "preview";
            };
            /** @description Replaced as a whole; what it does not name is not limited */
            scheduleConfig?: {
              /** @description ISO 8601: nothing rings before */
              startDate?: string;
              /** @description ISO 8601: completed then, whatever is left */
              endDate?: string;
              /** @description IANA name */
              timezone?: string;
              /** @description In the callee’s own time, on every day */
              workingHours?: {
                /** @example 09:00 */
                start: string;
                /** @example 09:00 */
                end: string;
              };
            };
            /** @description Who talks; default: the account’s oldest active AI agent when the campaign starts */
            agentId?: string;
            /** @description The conversation */
            flowId?: string;
          };
        };
      };
      responses: {
        /** @description Updated */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example campaign_1 */
                id: string;
                name: string;
                description: string | null;
                /** @enum {string} */
                type: "OUTBOUND" | "INBOUND" | "PREDICTIVE";
                /** @enum {string} */
                status: "DRAFT" | "ACTIVE" | "PAUSED" | "COMPLETED";
                settings: {
                  /** @description The most lines for one free person */
                  dialRatio: number;
                  /** @description Dials of one contact after the first */
                  maxRetries: number;
                  /** @enum {string} */
                  dialingMode: "auto" | "progressive" | "predictive" | "preview";
                  /** @description Seconds between calls */
                  callDelay: number;
                  /** @description Minutes before each retry; null: as the agent’s retry rules say */
                  retryInterval: number | null;
                  /** @description Seconds a phone rings; null: as the service does */
                  callTimeout: number | null;
                  /** @description Calls at once; null: no limit of its own */
                  maxCalls: number | null;
                  /** @enum {string} */
                  contactOrder: "oldest_first" | "newest_first";
                };
                /** @description What it does not name is not limited */
                scheduleConfig: {
                  /** @example 2025-11-01T10:00:00.000Z */
                  startDate?: string;
                  /** @example 2025-11-01T10:00:00.000Z */
                  endDate?: string;
                  timezone?: string;
                  workingHours?: {
                    start: string;
                    end: string;
                  };
                };
                /**
                 * @description The platform administrator’s word
                 * @enum {string}
                 */
                approval: "PENDING" | "APPROVED" | "REJECTED";
                /**
                 * @description null: chosen when it starts
                 * @example agent_1
                 */
                agentId: string | null;
                /** @example flow_1 */
                flowId: string | null;
                totalContacts: number;
                /** @description Whose dialing is over */
                completedContacts: number;
                /** @description Percent of these that ended in a completed call */
                successRate: number;
                /** @example 2025-11-01T10:00:00.000Z */
                startedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                completedAt: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    post?: never;
    /**
     * Delete campaign
     * @description Nothing of it is dialed any more; what waits is cancelled. Its calls stay readable and its contacts listed.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `campaign_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List flows
     * @description Newest first, without their nodes.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
          /** @description Part of a name or a description */
          search?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of flows */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example flow_123 */
                id: string;
                name: string;
                description: string | null;
                /** @description The current one; calls that are answered from now on go through it */
                version: number;
                /** @description false: new calls do not go through it */
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                nodeCount: number;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    /**
     * Create a conversation flow
     * @description Saved when it can be talked through from START to an end; else `details` names what is wrong with each node.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            name: string;
            description?: string;
            nodes: {
              /** @example greeting */
              id: string;
              /** @enum {string} */
              type: "START" | "MESSAGE" | "CONDITION" | "ACTION" | "END";
              config?: {
                /** @description For MESSAGE and END nodes; at most 4000 characters */
                message?: string;
                /**
                 * @description For CONDITION nodes
                 * @example input mentions 'yes'
                 */
                condition?: string;
                /**
                 * @description For ACTION nodes: `type` and what it needs (docs/flows.md)
                 * @example {
                 *       "type": "tag",
                 *       "tag": "vip"
                 *     }
                 */
                action?: {
                  [key: string]: unknown;
                };
                /** @description For MESSAGE nodes: whether they wait for an answer */
                listen?: boolean;
              };
              position?: {
                x: number;
                y: number;
              };
            }[];
            connections: {
              /** @description Node id */
              from: string;
              /** @description Node id */
              to: string;
              /** @description An expression; `else`; at a CONDITION also `true` and `false` */
              condition?: string;
            }[];
          };
        };
      };
      responses: {
        /** @description Created */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example flow_123 */
                id: string;
                name: string;
                description: string | null;
                /** @description The current one; calls that are answered from now on go through it */
                version: number;
                /** @description false: new calls do not go through it */
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                nodes: {
                  id: string;
                  /** @enum {string} */
                  type: "START" | "MESSAGE" | "CONDITION" | "ACTION" | "END";
                  config: {
                    /** @description For MESSAGE and END nodes; at most 4000 characters */
                    message?: string;
                    /**
                     * @description For CONDITION nodes
                     * @example input mentions 'yes'
                     */
                    condition?: string;
                    /**
                     * @description For ACTION nodes: `type` and what it needs (docs/flows.md)
                     * @example {
                     *       "type": "tag",
                     *       "tag": "vip"
                     *     }
                     */
                    action?: {
                      [key: string]: unknown;
                    };
                    /** @description For MESSAGE nodes: whether they wait for an answer */
                    listen?: boolean;
                  };
                  position: {
                    x: number;
                    y: number;
                  };
                }[];
                connections: {
                  /** @description Node id */
                  from: string;
                  /** @description Node id */
                  to: string;
                  /** @description An expression; `else`; at a CONDITION also `true` and `false` */
                  condition?: string;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409_2"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/validate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Check a flow
     * @description Tells all that keeps a flow from being saved. Nothing is saved.
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            name?: string;
            description?: string;
            nodes: {
              /** @example greeting */
              id: string;
              /** @enum {string} */
              type: "START" | "MESSAGE" | "CONDITION" | "ACTION" | "END";
              config?: {
                /** @description For MESSAGE and END nodes; at most 4000 characters */
                message?: string;
                /**
                 * @description For CONDITION nodes
                 * @example input mentions 'yes'
                 */
                condition?: string;
                /**
                 * @description For ACTION nodes: `type` and what it needs (docs/flows.md)
                 * @example {
                 *       "type": "tag",
                 *       "tag": "vip"
                 *     }
                 */
                action?: {
                  [key: string]: unknown;
                };
                /** @description For MESSAGE nodes: whether they wait for an answer */
                listen?: boolean;
              };
              position?: {
                x: number;
                y: number;
              };
            }[];
            connections: {
              /** @description Node id */
              from: string;
              /** @description Node id */
              to: string;
              /** @description An expression; `else`; at a CONDITION also `true` and `false` */
              condition?: string;
            }[];
          };
        };
      };
      responses: {
        /** @description What is wrong */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                valid: boolean;
                problems: {
                  /** @example nodes.2 (greeting) */
                  field: string;
                  nodeId: string | null;
                  /** @example needs config.message */
                  message: string;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a flow
     * @description With its nodes and connections, as they are or as they were in a version, and how many calls came by each node.
     */
    get: {
      parameters: {
        query?: {
          /** @description Default: the current one */
          version?: number;
        };
        header?: never;
        path: {
          /** @description `flow_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The flow */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example flow_123 */
                id: string;
                name: string;
                description: string | null;
                /** @description The current one; calls that are answered from now on go through it */
                version: number;
                /** @description false: new calls do not go through it */
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                nodes: {
                  id: string;
                  /** @enum {string} */
                  type: "START" | "MESSAGE" | "CONDITION" | "ACTION" | "END";
                  config: {
                    /** @description For MESSAGE and END nodes; at most 4000 characters */
                    message?: string;
                    /**
                     * @description For CONDITION nodes
                     * @example input mentions 'yes'
                     */
                    condition?: string;
                    /**
                     * @description For ACTION nodes: `type` and what it needs (docs/flows.md)
                     * @example {
                     *       "type": "tag",
                     *       "tag": "vip"
                     *     }
                     */
                    action?: {
                      [key: string]: unknown;
                    };
                    /** @description For MESSAGE nodes: whether they wait for an answer */
                    listen?: boolean;
                  };
                  position: {
                    x: number;
                    y: number;
                  };
                }[];
                connections: {
                  /** @description Node id */
                  from: string;
                  /** @description Node id */
                  to: string;
                  /** @description An expression; `else`; at a CONDITION also `true` and `false` */
                  condition?: string;
                }[];
                counts: {
                  [key: string]: number;
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    /**
     * Change a flow
     * @description Changes what is given. Nodes or connections make a new version: calls in progress keep the version they started with. With `version` the change is refused when somebody else has changed the flow since that version was read.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `flow_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            name?: string;
            description?: string;
            nodes?: {
              /** @example greeting */
              id: string;
              /** @enum {string} */
              type: "START" | "MESSAGE" | "CONDITION" | "ACTION" | "END";
              config?: {
                /** @description For MESSAGE and END nodes; at most 4000 characters */
                message?: string;
                /**
                 * @description For CONDITION nodes
                 * @example input mentions 'yes'
                 */
                condition?: string;
                /**
                 * @description For ACTION nodes: `type` and what it needs (docs/flows.md)
                 * @example {
                 *       "type": "tag",
                 *       "tag": "vip"
                 *     }
                 */
                action?: {
                  [key: string]: unknown;
                };
                /** @description For MESSAGE nodes: whether they wait for an answer */
                listen?: boolean;
              };
              position?: {
                x: number;
                y: number;
              };
            }[];
            connections?: {
              /** @description Node id */
              from: string;
              /** @description Node id */
              to: string;
              /** @description An expression; `else`; at a CONDITION also `true` and `false` */
              condition?: string;
            }[];
            isActive?: boolean;
            version?: number;
          };
        };
      };
      responses: {
        /** @description As it is now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example flow_123 */
                id: string;
                name: string;
                description: string | null;
                /** @description The current one; calls that are answered from now on go through it */
                version: number;
                /** @description false: new calls do not go through it */
                isActive: boolean;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
                nodes: {
                  id: string;
                  /** @enum {string} */
                  type: "START" | "MESSAGE" | "CONDITION" | "ACTION" | "END";
                  config: {
                    /** @description For MESSAGE and END nodes; at most 4000 characters */
                    message?: string;
                    /**
                     * @description For CONDITION nodes
                     * @example input mentions 'yes'
                     */
                    condition?: string;
                    /**
                     * @description For ACTION nodes: `type` and what it needs (docs/flows.md)
                     * @example {
                     *       "type": "tag",
                     *       "tag": "vip"
                     *     }
                     */
                    action?: {
                      [key: string]: unknown;
                    };
                    /** @description For MESSAGE nodes: whether they wait for an answer */
                    listen?: boolean;
                  };
                  position: {
                    x: number;
                    y: number;
                  };
                }[];
                connections: {
                  /** @description Node id */
                  from: string;
                  /** @description Node id */
                  to: string;
                  /** @description An expression; `else`; at a CONDITION also `true` and `false` */
                  condition?: string;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    post?: never;
    /**
     * Delete a flow
     * @description Refused while a campaign that is active or paused uses it. Calls that are in it go on to their end.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `flow_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              message: string;
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{id}/versions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the versions of a flow
     * @description Newest first. `GET /api/v1/flows/:id?version=` shows one.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path: {
          /** @description `flow_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of versions */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                version: number;
                nodeCount: number;
                connectionCount: number;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                isCurrent: boolean;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/flows/{id}/analytics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get flow execution analytics
     * @description How many calls came by each node of a version; a call counts once, however often it comes by.
     */
    get: {
      parameters: {
        query?: {
          /** @description Default: the current one */
          version?: number;
        };
        header?: never;
        path: {
          /** @description `flow_123` or `123` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The counts */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                flowId: string;
                version: number;
                /** @description Calls that started this version */
                calls: number;
                nodes: {
                  id: string;
                  /** @enum {string} */
                  type: "START" | "MESSAGE" | "CONDITION" | "ACTION" | "END";
                  /** @description Calls that came by */
                  entered: number;
                  /** @description Of the calls that started; null: none did */
                  share: number | null;
                }[];
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts/imports": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List uploads of contacts
     * @description Newest first.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of uploads */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example import_1 */
                importId: string;
                /** @example campaign_1 */
                campaignId: string;
                fileName: string;
                /** @enum {string} */
                status: "processing" | "completed" | "failed";
                processedRows: number;
                imported: number;
                duplicates: number;
                errors: number;
                /** @description Imported, but look at them */
                warnings: number;
                /** @description Why the file could not be read to its end */
                error: string | null;
                /** @description null: no row was bad */
                errorFile: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /**
                 * @description null while it is read
                 * @example 2025-11-01T10:00:00.000Z
                 */
                completedAt: string | null;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts/imports/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an upload of contacts
     * @description How far it is, and what became of its rows.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `import_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The upload */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example import_1 */
                importId: string;
                /** @example campaign_1 */
                campaignId: string;
                fileName: string;
                /** @enum {string} */
                status: "processing" | "completed" | "failed";
                processedRows: number;
                imported: number;
                duplicates: number;
                errors: number;
                /** @description Imported, but look at them */
                warnings: number;
                /** @description Why the file could not be read to its end */
                error: string | null;
                /** @description null: no row was bad */
                errorFile: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /**
                 * @description null while it is read
                 * @example 2025-11-01T10:00:00.000Z
                 */
                completedAt: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts/imports/{id}/errors.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download the bad rows of an upload
     * @description The rows as they stand in the file, each with its line and its reason, to be corrected and sent again; the first 10,000. Cells that a spreadsheet would read as a formula begin with an apostrophe.
     */
    get: {
      parameters: {
        query?: {
          /** @description Duplicates and warnings too */
          all?: boolean;
        };
        header?: never;
        path: {
          /** @description `import_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The rows */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "text/csv": string;
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List contacts
     * @description Newest first. `cursor` reads on where a page ended, at any depth. A whole number in `search` is found at once.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
          /** @description Instead of `page`: where the page before ended */
          cursor?: string;
          /** @description Of this campaign */
          campaignId?: string;
          /** @description With all of these tags, between commas */
          tags?: string;
          /** @description A part of the name, the number or the e-mail address */
          search?: string;
          status?: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of contacts */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example contact_1 */
                id: string;
                /** @description Empty when it is not known */
                firstName: string;
                /** @description Empty when it is not known */
                lastName: string;
                /**
                 * @description E.164
                 * @example +1234567890
                 */
                phone: string;
                email: string | null;
                /**
                 * @description Anything you want to keep with it
                 * @example {
                 *       "company": "Acme Corp"
                 *     }
                 */
                customFields: {
                  [key: string]: unknown;
                };
                tags: string[];
                /** @description null: of no campaign */
                campaignId: string | null;
                /** @enum {string} */
                status: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /** @description null: that of its number */
                timezone: string | null;
                /** @description How often it was dialed */
                attempts: number;
                /**
                 * @description null: nobody was reached yet
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastContactedAt: string | null;
                /**
                 * @description Where its campaign is with it
                 * @enum {string}
                 */
                dialState: "idle" | "waiting" | "in_line" | "done";
                /** @description How its dialing ended */
                result: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
                /** @description Leads to the page after this one; missing on the last */
                nextCursor?: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    /**
     * Add contact
     * @description In a campaign it waits for its first call. A campaign that came to its end because nobody was left goes on; one that a person completed does not.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            firstName: string;
            lastName: string;
            /**
             * @description E.164
             * @example +1234567890
             */
            phone: string;
            email?: string | null;
            /**
             * @description Anything you want to keep with it
             * @example {
             *       "company": "Acme Corp"
             *     }
             */
            customFields?: {
              [key: string]: unknown;
            };
            tags?: string[];
            campaignId?: string | null;
            /**
             * @description `do_not_call` also puts the number on the do-not-call list
             * @enum {string}
             */
            status?: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
            timezone?: string | null;
          };
        };
      };
      responses: {
        /** @description The contact */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example contact_1 */
                id: string;
                /** @description Empty when it is not known */
                firstName: string;
                /** @description Empty when it is not known */
                lastName: string;
                /**
                 * @description E.164
                 * @example +1234567890
                 */
                phone: string;
                email: string | null;
                /**
                 * @description Anything you want to keep with it
                 * @example {
                 *       "company": "Acme Corp"
                 *     }
                 */
                customFields: {
                  [key: string]: unknown;
                };
                tags: string[];
                /** @description null: of no campaign */
                campaignId: string | null;
                /** @enum {string} */
                status: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /** @description null: that of its number */
                timezone: string | null;
                /** @description How often it was dialed */
                attempts: number;
                /**
                 * @description null: nobody was reached yet
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastContactedAt: string | null;
                /**
                 * @description Where its campaign is with it
                 * @enum {string}
                 */
                dialState: "idle" | "waiting" | "in_line" | "done";
                /** @description How its dialing ended */
                result: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get contact
     * @description One contact.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `contact_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The contact */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example contact_1 */
                id: string;
                /** @description Empty when it is not known */
                firstName: string;
                /** @description Empty when it is not known */
                lastName: string;
                /**
                 * @description E.164
                 * @example +1234567890
                 */
                phone: string;
                email: string | null;
                /**
                 * @description Anything you want to keep with it
                 * @example {
                 *       "company": "Acme Corp"
                 *     }
                 */
                customFields: {
                  [key: string]: unknown;
                };
                tags: string[];
                /** @description null: of no campaign */
                campaignId: string | null;
                /** @enum {string} */
                status: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /** @description null: that of its number */
                timezone: string | null;
                /** @description How often it was dialed */
                attempts: number;
                /**
                 * @description null: nobody was reached yet
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastContactedAt: string | null;
                /**
                 * @description Where its campaign is with it
                 * @enum {string}
                 */
                dialState: "idle" | "waiting" | "in_line" | "done";
                /** @description How its dialing ended */
                result: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    /**
     * Update contact
     * @description `customFields` are merged with what is there; a null takes a field away. With another `campaignId` the contact waits there as if it were new.
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `contact_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      /** @description What is left out stays as it is */
      requestBody: {
        content: {
          "application/json": {
            firstName?: string;
            lastName?: string;
            /**
             * @description E.164
             * @example +1234567890
             */
            phone?: string;
            email?: string | null;
            /**
             * @description Anything you want to keep with it
             * @example {
             *       "company": "Acme Corp"
             *     }
             */
            customFields?: {
              [key: string]: unknown;
            };
            tags?: string[];
            campaignId?: string | null;
            /**
             * @description `do_not_call` also puts the number on the do-not-call list
             * @enum {string}
             */
            status?: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
            timezone?: string | null;
          };
        };
      };
      responses: {
        /** @description The contact as it is now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example contact_1 */
                id: string;
                /** @description Empty when it is not known */
                firstName: string;
                /** @description Empty when it is not known */
                lastName: string;
                /**
                 * @description E.164
                 * @example +1234567890
                 */
                phone: string;
                email: string | null;
                /**
                 * @description Anything you want to keep with it
                 * @example {
                 *       "company": "Acme Corp"
                 *     }
                 */
                customFields: {
                  [key: string]: unknown;
                };
                tags: string[];
                /** @description null: of no campaign */
                campaignId: string | null;
                /** @enum {string} */
                status: "new" | "contacted" | "interested" | "not_interested" | "callback" | "do_not_call";
                /** @description null: that of its number */
                timezone: string | null;
                /** @description How often it was dialed */
                attempts: number;
                /**
                 * @description null: nobody was reached yet
                 * @example 2025-11-01T10:00:00.000Z
                 */
                lastContactedAt: string | null;
                /**
                 * @description Where its campaign is with it
                 * @enum {string}
                 */
                dialState: "idle" | "waiting" | "in_line" | "done";
                /** @description How its dialing ended */
                result: string | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
                /** @example 2025-11-01T10:00:00.000Z */
                updatedAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    post?: never;
    /**
     * Delete contact
     * @description It is called no more, and a call of it that waits is cancelled. The history of its calls stays.
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @description `contact_1` or `1` */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Deleted */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        404: components["responses"]["Error404"];
        409: components["responses"]["Error409"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls/initiate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Initiate call
     * @description Has a campaign call one of its contacts, now or at `scheduledAt`, with the campaign’s agent and rules. 409 while the campaign is not active or has no agent, and when a call of the contact is open already or it may not be called. A contact without a campaign joins this one.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** @example contact_123 */
            contactId: string;
            /** @example campaign_123 */
            campaignId: string;
            /** @example flow_123 */
            flowId?: string;
            /**
             * @description ISO 8601; without an offset it is local time of the account; default: now
             * @example 2024-01-15T10:00:00Z
             */
            scheduledAt?: string;
          };
        };
      };
      responses: {
        /** @description Accepted */
        201: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example call_123 */
                id: string;
                /** @enum {string} */
                status: "UNSCHEDULED" | "SCHEDULED" | "QUEUED" | "DIALING" | "UNKNOWN" | "RINGING" | "IN_PROGRESS" | "COMPLETED" | "NO_ANSWER" | "BUSY" | "FAILED" | "VOICEMAIL" | "ABANDONED" | "CANCELLED";
                /** @enum {string} */
                direction: "INBOUND" | "OUTBOUND";
                /** @description E.164 */
                phone: string;
                /** @description null: not a contact’s */
                contactId: string | null;
                /** @description null: not a campaign’s */
                campaignId: string | null;
                /** @description null: the agent talks without a flow, or it has not begun */
                flowId: string | null;
                agentId: string;
                agentName: string;
                /**
                 * @description null while nobody has scheduled it
                 * @example 2025-11-01T10:00:00.000Z
                 */
                scheduledAt: string | null;
                /**
                 * @description null: not dialed
                 * @example 2025-11-01T10:00:00.000Z
                 */
                startedAt: string | null;
                /**
                 * @description null: not over
                 * @example 2025-11-01T10:00:00.000Z
                 */
                endedAt: string | null;
                /** @description Seconds; null until it is over */
                duration: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List call records
     * @description Newest first; dates bound when a call was asked for. `cursor` reads on where a page ended, at any depth. Who has the role agent sees their own calls.
     */
    get: {
      parameters: {
        query?: {
          /** @description Page number. One that skips more than 100000 rows is answered with 400, even where the list has more */
          page?: number;
          /** @description Results per page, 100 at most */
          limit?: number;
          /** @description Instead of `page`: where the page before ended */
          cursor?: string;
          /** @example campaign_123 */
          campaignId?: string;
          /** @description In upper or lower case */
          status?: "UNSCHEDULED" | "SCHEDULED" | "QUEUED" | "DIALING" | "UNKNOWN" | "RINGING" | "IN_PROGRESS" | "COMPLETED" | "NO_ANSWER" | "BUSY" | "FAILED" | "VOICEMAIL" | "ABANDONED" | "CANCELLED" | "unscheduled" | "scheduled" | "queued" | "dialing" | "unknown" | "ringing" | "in_progress" | "completed" | "no_answer" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled";
          /**
           * @description ISO 8601, inclusive
           * @example 2024-01-15T10:00:00Z
           */
          dateFrom?: string;
          /**
           * @description ISO 8601, inclusive; a day without a time is all of that day
           * @example 2024-01-15T10:00:00Z
           */
          dateTo?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of calls */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example call_123 */
                id: string;
                /** @enum {string} */
                status: "UNSCHEDULED" | "SCHEDULED" | "QUEUED" | "DIALING" | "UNKNOWN" | "RINGING" | "IN_PROGRESS" | "COMPLETED" | "NO_ANSWER" | "BUSY" | "FAILED" | "VOICEMAIL" | "ABANDONED" | "CANCELLED";
                /** @enum {string} */
                direction: "INBOUND" | "OUTBOUND";
                /** @description E.164 */
                phone: string;
                /** @description null: not a contact’s */
                contactId: string | null;
                /** @description null: not a campaign’s */
                campaignId: string | null;
                /** @description null: the agent talks without a flow, or it has not begun */
                flowId: string | null;
                agentId: string;
                agentName: string;
                /**
                 * @description null while nobody has scheduled it
                 * @example 2025-11-01T10:00:00.000Z
                 */
                scheduledAt: string | null;
                /**
                 * @description null: not dialed
                 * @example 2025-11-01T10:00:00.000Z
                 */
                startedAt: string | null;
                /**
                 * @description null: not over
                 * @example 2025-11-01T10:00:00.000Z
                 */
                endedAt: string | null;
                /** @description Seconds; null until it is over */
                duration: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
              }[];
              pagination: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
                /** @description Leads to the page after this one; missing on the last */
                nextCursor?: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get call record
     * @description One call. Who has the role agent sees their own.
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** @example call_123 */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The call */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example call_123 */
                id: string;
                /** @enum {string} */
                status: "UNSCHEDULED" | "SCHEDULED" | "QUEUED" | "DIALING" | "UNKNOWN" | "RINGING" | "IN_PROGRESS" | "COMPLETED" | "NO_ANSWER" | "BUSY" | "FAILED" | "VOICEMAIL" | "ABANDONED" | "CANCELLED";
                /** @enum {string} */
                direction: "INBOUND" | "OUTBOUND";
                /** @description E.164 */
                phone: string;
                /** @description null: not a contact’s */
                contactId: string | null;
                /** @description null: not a campaign’s */
                campaignId: string | null;
                /** @description null: the agent talks without a flow, or it has not begun */
                flowId: string | null;
                agentId: string;
                agentName: string;
                /**
                 * @description null while nobody has scheduled it
                 * @example 2025-11-01T10:00:00.000Z
                 */
                scheduledAt: string | null;
                /**
                 * @description null: not dialed
                 * @example 2025-11-01T10:00:00.000Z
                 */
                startedAt: string | null;
                /**
                 * @description null: not over
                 * @example 2025-11-01T10:00:00.000Z
                 */
                endedAt: string | null;
                /** @description Seconds; null until it is over */
                duration: number | null;
                /** @example 2025-11-01T10:00:00.000Z */
                createdAt: string;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analytics/dashboard": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Dashboard analytics
     * @description What became of calls, by the moment in which they ended. `period` ends today (1, 7, 30 or 365 days; default month), `dateFrom` and `dateTo` win over it. Days are those of the account’s zone; with `campaignId` they are UTC days, each counted as a whole. Who has the role agent sees their own figures, and a campaign’s.
     */
    get: {
      parameters: {
        query?: {
          period?: "day" | "week" | "month" | "year";
          /** @example campaign_1 */
          campaignId?: string;
          /**
           * @description ISO 8601, inclusive
           * @example 2024-01-15
           */
          dateFrom?: string;
          /**
           * @description ISO 8601, inclusive; a day without a time is all of that day
           * @example 2024-01-15
           */
          dateTo?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The figures */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                overview: {
                  /** @description Calls that ended, those cancelled or stopped before they were dialed aside; of a campaign, its dials */
                  totalCalls: number;
                  /** @description Completed */
                  successfulCalls: number;
                  /** @description Seconds, of completed calls; of a campaign, of those that a person answered */
                  averageDuration: number;
                  /** @description Percent completed of all that ended */
                  conversionRate: number;
                };
                trends: {
                  /** @description Every day of the range */
                  calls: {
                    /**
                     * @description YYYY-MM-DD
                     * @example 2024-01-15
                     */
                    date: string;
                    count: number;
                  }[];
                  /** @description Days on which a call ended: on others there is no rate */
                  conversions: {
                    /**
                     * @description YYYY-MM-DD
                     * @example 2024-01-15
                     */
                    date: string;
                    /** @description Percent */
                    rate: number;
                  }[];
                };
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        404: components["responses"]["Error404"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts/bulk-upload": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Upload contacts from CSV or XLSX
     * @description Answers when all rows are read. Form fields: `campaignId`; `file`, a CSV (`,`, `;`, tab or `|`; UTF-8 or UTF-16) or an Excel workbook, of which the first sheet is read, up to 200000 rows; `countryCodeIncluded`, `true` when numbers may lack the plus before their country code. Columns in any order, by their usual names: phone (phoneNumber, mobile, tel, …), name, first name, last name, email, timezone, tags, status; others are kept in `customFields`. Without such a header the column that holds a number in the first row has the phones. What was imported stays, should the connection break: send the file again, and it counts as duplicates.
     */
    post: {
      parameters: {
        query?: never;
        header?: {
          /**
           * @description Up to 255 visible ASCII characters, best a UUID, made anew for every new request. The request is executed once: who repeats it with the same key within 24 hours is answered as the first time, with `Idempotency-Replayed: true`. With another path or body it is 422, while the first is in progress 409. Bodies are compared as they are sent: `4` and `agent_4` are two, the order of fields says nothing. A request refused for its own fault (400, 413, 415, 422) takes no key.
           * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
           */
          "Idempotency-Key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "multipart/form-data": {
            campaignId: number | string;
            /** Format: binary */
            file: Blob;
            /** @default false */
            countryCodeIncluded?: boolean;
          };
        };
      };
      responses: {
        /** @description What became of the rows */
        200: {
          headers: {
            /** @description `true`: this is the answer to an earlier request with the same `Idempotency-Key` */
            "Idempotency-Replayed"?: string;
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              success: true;
              data: {
                /** @example import_1 */
                importId: string;
                /** @example campaign_1 */
                campaignId: string;
                imported: number;
                /** @description Numbers that the campaign had already, or that came again in the file */
                duplicates: number;
                /** @description Rows that could not be taken */
                errors: number;
                /** @description Where the bad rows are with their reasons, when there are any */
                errorFile?: string;
                /** @description Why the file could not be read to its end */
                error: string | null;
              };
            };
          };
        };
        400: components["responses"]["Error400"];
        401: components["responses"]["Error401"];
        403: components["responses"]["Error403"];
        409: components["responses"]["Error409_2"];
        413: components["responses"]["Error413"];
        415: components["responses"]["Error415"];
        422: components["responses"]["Error422"];
        429: components["responses"]["Error429_2"];
        500: components["responses"]["Error500"];
        503: components["responses"]["Error503"];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: never;
  responses: {
    /** @description Over the limit */
    Error429: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description Our fault */
    Error500: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description The query, the path or the JSON itself cannot be read */
    Error400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description No, a bad or an expired token */
    Error401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description The request is too large */
    Error413: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description Not the type of content that is taken here */
    Error415: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description A field of the body is wrong; `details` names the fields */
    Error422: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description Over the limit; `Retry-After` says for how many seconds */
    Error429_2: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description The database is away */
    Error503: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description It exists already, or its state does not allow this */
    Error409: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description Not allowed to this role */
    Error403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description There is no such thing, or it belongs to somebody else */
    Error404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
    /** @description Also: the first request with this `Idempotency-Key` is in progress (`Retry-After`), or was cut off and nobody knows what it did */
    Error409_2: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        "application/json": {
          /** @enum {boolean} */
          success: false;
          error: {
            code: string;
            message: string;
            /** @description What is wrong, by field */
            details?: {
              [key: string]: string;
            };
          };
          timestamp: string;
          /** @description With `X-Debug: true`, in development only: what was thrown and where */
          debug?: unknown;
        };
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
