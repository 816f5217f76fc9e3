// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension PostgresSchema {
    /// What brings the tables from each version to the next.
    ///
    /// A script that was released is never changed.
    static func scripts(in schema: String) -> [String] {
        [tables(in: schema) + tokenFunctions(in: schema)]
    }

    /// The tables of version 1.
    ///
    /// Leases need not outlive a crash of the server: whoever held one has lost the connection too.
    private static func tables(in schema: String) -> String {
        """
        CREATE TABLE \(schema).schema_version (version bigint NOT NULL);
        INSERT INTO \(schema).schema_version VALUES (0);
        CREATE SEQUENCE \(schema).token_version AS bigint;
        CREATE TABLE \(schema).token_partition (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            version bigint NOT NULL,
            UNIQUE (kind, name)
        );
        CREATE TABLE \(schema).token_entry (
            partition bigint NOT NULL REFERENCES \(schema).token_partition ON DELETE CASCADE,
            key text COLLATE "C" NOT NULL,
            value bytea NOT NULL,
            ends_on timestamptz,
            PRIMARY KEY (partition, key)
        );
        CREATE INDEX ON \(schema).token_entry (ends_on) WHERE ends_on IS NOT NULL;
        CREATE UNLOGGED TABLE \(schema).token_lease (
            kind text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            holder text NOT NULL,
            ends_on timestamptz NOT NULL,
            PRIMARY KEY (kind, name)
        );
        CREATE TABLE \(schema).session (
            key text COLLATE "C" PRIMARY KEY,
            person bytea NOT NULL,
            provider_session bytea,
            version bigint NOT NULL,
            last_seen_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            sealed bytea NOT NULL
        );
        CREATE INDEX ON \(schema).session (person);
        CREATE INDEX ON \(schema).session (provider_session) WHERE provider_session IS NOT NULL;
        CREATE INDEX ON \(schema).session (expires_at);
        CREATE TABLE \(schema).spent_sign_in (
            key text COLLATE "C" PRIMARY KEY,
            expires_at timestamptz NOT NULL,
            sealed bytea NOT NULL
        );
        CREATE INDEX ON \(schema).spent_sign_in (expires_at);

        """
    }

    /// The functions of version 1.
    ///
    /// They are functions because each statement in one sees what was committed before it began: the partition's row is
    /// locked first, and what follows sees all that earlier holders of the lock have done. One statement with several
    /// parts would see the state from before it waited. It is one round trip and one commit all the same.
    private static func tokenFunctions(in schema: String) -> String {
        """
        CREATE FUNCTION \(schema).write_tokens(
            in_kind text, in_name text, conditional boolean, expected bigint,
            keys text[], contents bytea[], ends timestamptz[], removed text[]
        ) RETURNS bigint LANGUAGE plpgsql AS $function$
        DECLARE
            fresh bigint;
            target bigint;
        BEGIN
            IF NOT conditional THEN
                INSERT INTO \(schema).token_partition AS p (kind, name, version)
                VALUES (in_kind, in_name, nextval('\(schema).token_version'))
                ON CONFLICT (kind, name) DO UPDATE SET version = EXCLUDED.version
                RETURNING p.id, p.version INTO target, fresh;
            ELSIF expected IS NULL THEN
                INSERT INTO \(schema).token_partition AS p (kind, name, version)
                VALUES (in_kind, in_name, nextval('\(schema).token_version'))
                ON CONFLICT (kind, name) DO NOTHING
                RETURNING p.id, p.version INTO target, fresh;
            ELSE
                UPDATE \(schema).token_partition AS p SET version = nextval('\(schema).token_version')
                WHERE p.kind = in_kind AND p.name = in_name AND p.version = expected
                RETURNING p.id, p.version INTO target, fresh;
            END IF;
            IF fresh IS NULL THEN
                RETURN NULL;
            END IF;
            IF cardinality(removed) > 0 THEN
                DELETE FROM \(schema).token_entry AS e WHERE e.partition = target AND e.key = ANY (removed);
            END IF;
            IF cardinality(keys) > 0 THEN
                INSERT INTO \(schema).token_entry AS e (partition, key, value, ends_on)
                SELECT target, put.key, put.value, put.ends_on
                FROM unnest(keys, contents, ends) AS put (key, value, ends_on)
                ON CONFLICT (partition, key) DO UPDATE SET value = EXCLUDED.value, ends_on = EXCLUDED.ends_on;
            ELSE
                DELETE FROM \(schema).token_partition AS p
                WHERE p.id = target AND NOT EXISTS (SELECT FROM \(schema).token_entry AS e WHERE e.partition = target);
            END IF;
            RETURN fresh;
        END
        $function$;

        CREATE FUNCTION \(schema).sweep_tokens(
            moment timestamptz, bound integer, OUT partitions bigint, OUT entries bigint
        ) LANGUAGE plpgsql AS $function$
        DECLARE
            targets bigint[];
        BEGIN
            targets := ARRAY(
                SELECT DISTINCT due.partition FROM (
                    SELECT e.partition FROM \(schema).token_entry AS e
                    WHERE e.ends_on < moment ORDER BY e.ends_on LIMIT bound
                ) AS due
            );
            targets := ARRAY(
                SELECT p.id FROM \(schema).token_partition AS p
                WHERE p.id = ANY (targets) ORDER BY p.id FOR UPDATE
            );
            partitions := cardinality(targets);
            DELETE FROM \(schema).token_entry AS e WHERE e.partition = ANY (targets) AND e.ends_on < moment;
            GET DIAGNOSTICS entries = ROW_COUNT;
            UPDATE \(schema).token_partition AS p SET version = nextval('\(schema).token_version')
            WHERE p.id = ANY (targets);
            DELETE FROM \(schema).token_partition AS p
            WHERE p.id = ANY (targets)
            AND NOT EXISTS (SELECT FROM \(schema).token_entry AS e WHERE e.partition = p.id);
        END
        $function$;
        """
    }
}
